package io.github.condensenet4j.interchange.pytorch;

import io.github.condensenet4j.core.InvalidFileException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The bytes of a pickle, counted: nothing is read or allocated beyond what is left of them. */
final class PickleInput {

  private static final int MAX_NAME_BYTES = 256;
  private static final int MAX_SHORT_BYTES = 1 << 24;

  private final InputStream in;
  private final String source;
  private long left;

  /**
   * Creates an input.
   *
   * @param left bytes that {@code in} holds
   */
  PickleInput(InputStream in, long left, String source) {
    this.in = in;
    this.left = left;
    this.source = source;
  }

  long left() {
    return left;
  }

  int unsignedByte() throws IOException {
    return bytes(1)[0] & 0xff;
  }

  int unsignedShort() throws IOException {
    return littleEndian(2).getShort() & 0xffff;
  }

  int integer() throws IOException {
    return littleEndian(4).getInt();
  }

  long unsignedInteger() throws IOException {
    return integer() & 0xffffffffL;
  }

  long longInteger() throws IOException {
    return littleEndian(8).getLong();
  }

  double bigEndianDouble() throws IOException {
    return ByteBuffer.wrap(bytes(8)).getDouble();
  }

  private ByteBuffer littleEndian(int count) throws IOException {
    return ByteBuffer.wrap(bytes(count)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Reads {@code count} bytes, which a file may claim to be any number. */
  byte[] bytes(long count) throws IOException {
    if (count < 0 || count > left || count > Integer.MAX_VALUE - 64) {
      throw new InvalidFileException(
          source,
          left == 0
              ? "ends too early; the file is damaged, take another copy"
              : "claims "
                  + Long.toUnsignedString(count)
                  + " bytes where "
                  + left
                  + " are left; the file is damaged, take another copy");
    }
    byte[] bytes = in.readNBytes((int) count);
    if (bytes.length < count) {
      throw new InvalidFileException(
          source, "ends too early; the file is damaged, take another copy");
    }
    left -= count;
    return bytes;
  }

  /** Reads {@code count} bytes that are a value of a pickle, not a storage. */
  byte[] shortBytes(long count) throws IOException {
    if (count > MAX_SHORT_BYTES && count <= left) {
      throw new InvalidFileException(
          source,
          "holds a text of " + count + " bytes; no checkpoint does, the file may be hostile");
    }
    return bytes(count);
  }

  /** Reads a text of {@code count} bytes in UTF-8. */
  String text(long count) throws IOException {
    byte[] utf8 = shortBytes(count);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidFileException(
          source, "holds a text that is not UTF-8; the file is damaged, take another copy", e);
    }
  }

  /** Reads up to a line break: half of the name of a global. */
  String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = unsignedByte(); c != '\n'; c = unsignedByte()) {
      if (line.length() == MAX_NAME_BYTES) {
        throw new InvalidFileException(source, "holds a name of more than 256 bytes");
      }
      line.append((char) c);
    }
    return line.toString();
  }
}
