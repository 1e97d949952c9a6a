package io.github.condensenet4j.core.numpy;

import io.github.condensenet4j.core.tensor.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/**
 * A numpy element type, such as {@code <f4}.
 *
 * @param kind numpy's letter: boolean, signed, unsigned or floating
 * @param bytes bytes of an element in the file
 * @param order order of these bytes in the file
 * @param tensorType type of the tensor; wider than the file's where tensors have no such type
 */
record NumpyType(char kind, int bytes, ByteOrder order, ElementType tensorType) {

  private static final Map<String, ElementType> TENSOR_TYPES =
      Map.ofEntries(
          Map.entry("b1", ElementType.BOOL),
          Map.entry("u1", ElementType.UINT8),
          Map.entry("u2", ElementType.INT32),
          Map.entry("u4", ElementType.INT64),
          Map.entry("i1", ElementType.INT8),
          Map.entry("i2", ElementType.INT16),
          Map.entry("i4", ElementType.INT32),
          Map.entry("i8", ElementType.INT64),
          Map.entry("f2", ElementType.FLOAT16),
          Map.entry("f4", ElementType.FLOAT32),
          Map.entry("f8", ElementType.FLOAT64));

  /** Returns the type that {@code description} stands for, or null if tensors cannot hold it. */
  static NumpyType parse(String description) {
    if (description.length() != 3) {
      return null;
    }
    ElementType tensorType = TENSOR_TYPES.get(description.substring(1));
    char order = description.charAt(0);
    int bytes = description.charAt(2) - '0';
    if (tensorType == null || "<>|".indexOf(order) < 0 || (order == '|' && bytes > 1)) {
      return null;
    }
    return new NumpyType(
        description.charAt(1),
        bytes,
        order == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN,
        tensorType);
  }

  /** Returns numpy's description of what tensors of {@code type} are written as. */
  static String descriptionOf(ElementType type) {
    return switch (type) {
      case BOOL -> "|b1";
      case UINT8 -> "|u1";
      case INT8 -> "|i1";
      case INT16 -> "<i2";
      case INT32 -> "<i4";
      case INT64 -> "<i8";
      case FLOAT16 -> "<f2";
      case FLOAT32, BFLOAT16 -> "<f4";
      case FLOAT64 -> "<f8";
    };
  }

  /** Returns the bytes of a tensor for the bytes {@code raw} of a file; may be the same array. */
  byte[] toTensorBytes(byte[] raw) {
    if (kind == 'b') {
      for (int i = 0; i < raw.length; i++) {
        raw[i] = (byte) (raw[i] == 0 ? 0 : 1);
      }
      return raw;
    }
    if (order == ByteOrder.BIG_ENDIAN) {
      reverseEach(raw);
    }
    return tensorType.bytes() == bytes ? raw : widened(raw);
  }

  private void reverseEach(byte[] raw) {
    for (int at = 0; at < raw.length; at += bytes) {
      for (int i = at, j = at + bytes - 1; i < j; i++, j--) {
        byte kept = raw[i];
        raw[i] = raw[j];
        raw[j] = kept;
      }
    }
  }

  /** Widens unsigned integers: the upper half of the wider type is zero. */
  private byte[] widened(byte[] raw) {
    ByteBuffer wide = ByteBuffer.allocate(raw.length * 2);
    for (int at = 0; at < raw.length; at += bytes) {
      wide.position(at * 2).put(raw, at, bytes);
    }
    return wide.array();
  }
}
