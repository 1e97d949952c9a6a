package io.github.condensenet4j.core.io;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 sums, as text of 64 hexadecimal digits in lower case. */
public final class Sha256 {

  private final MessageDigest digest;

  /** Creates the sum of no bytes. */
  public Sha256() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  /** Returns the sum of {@code bytes}. */
  public static String of(byte[] bytes) {
    Sha256 sum = new Sha256();
    sum.update(bytes, 0, bytes.length);
    return sum.hex();
  }

  /** Adds {@code length} bytes from {@code offset}. */
  public void update(byte[] bytes, int offset, int length) {
    digest.update(bytes, offset, length);
  }

  /** Returns the sum and begins a new one. */
  public String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
