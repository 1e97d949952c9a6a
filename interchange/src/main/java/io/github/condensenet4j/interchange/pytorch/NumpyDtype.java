package io.github.condensenet4j.interchange.pytorch;

import io.github.condensenet4j.core.tensor.ElementType;
import io.github.condensenet4j.core.tensor.Tensor;
import java.math.BigInteger;
import java.util.Arrays;

/** The type of a numpy scalar; metrics are often saved as such. */
final class NumpyDtype implements PythonValue {

  private final char kind;
  private final int bytes;
  private boolean isBigEndian;

  private NumpyDtype(char kind, int bytes) {
    this.kind = kind;
    this.bytes = bytes;
  }

  /** Returns the type for numpy's code, such as {@code f8}, or null if it is not read. */
  static NumpyDtype of(String code) {
    return switch (code) {
      case "b1", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8" ->
          new NumpyDtype(code.charAt(0), code.charAt(1) - '0');
      default -> null;
    };
  }

  /** Takes numpy's letter for the byte order, {@code <}, {@code >}, {@code |} or {@code =}. */
  void setByteOrder(String letter) {
    isBigEndian = letter.equals(">");
  }

  /** Returns the scalar in {@code raw}, or null if these are not as many bytes as the type has. */
  Scalar scalar(byte[] raw) {
    if (raw.length != bytes) {
      return null;
    }
    byte[] bigEndian = isBigEndian ? raw : reversed(raw);
    return new Scalar(
        switch (kind) {
          case 'b' -> raw[0] != 0;
          case 'i' -> new BigInteger(bigEndian).longValueExact();
          case 'u' -> unsigned(bigEndian);
          default -> Tensor.ofBytes(floatType(), reversed(bigEndian)).toDoubles()[0];
        });
  }

  private static Object unsigned(byte[] bigEndian) {
    BigInteger value = new BigInteger(1, bigEndian);
    return value.bitLength() < Long.SIZE ? (Object) value.longValueExact() : value;
  }

  private ElementType floatType() {
    return switch (bytes) {
      case 2 -> ElementType.FLOAT16;
      case 4 -> ElementType.FLOAT32;
      default -> ElementType.FLOAT64;
    };
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] reversed = Arrays.copyOf(bytes, bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }
}
