package io.github.condensenet4j.core.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * An immutable array of numbers with a shape, held as its bytes in C order.
 *
 * <p>Holding bytes keeps every element type exact from one file to the next; the {@code to…}
 * methods convert and copy.
 */
public final class Tensor {

  private final ElementType type;
  private final int[] shape;
  private final int size;
  private final byte[] bytes;

  private Tensor(ElementType type, int[] shape, byte[] bytes) {
    this.type = type;
    this.shape = shape.clone();
    this.size = elements(shape);
    this.bytes = bytes;
    if (bytes.length != (long) size * type.bytes()) {
      throw new IllegalArgumentException(
          "shape "
              + Arrays.toString(shape)
              + " of "
              + type
              + " needs "
              + (long) size * type.bytes()
              + " bytes, found "
              + bytes.length);
    }
  }

  /** Wraps {@code bytes}, little-endian and in C order; the caller gives them away. */
  public static Tensor ofBytes(ElementType type, byte[] bytes, int... shape) {
    return new Tensor(type, shape, bytes);
  }

  /**
   * Copies {@code values} into a {@link ElementType#FLOAT32} tensor; no {@code shape} means a
   * scalar.
   */
  public static Tensor ofFloats(float[] values, int... shape) {
    byte[] bytes = new byte[Math.multiplyExact(values.length, Float.BYTES)];
    littleEndian(bytes).asFloatBuffer().put(values);
    return new Tensor(ElementType.FLOAT32, shape, bytes);
  }

  /**
   * Copies {@code values} into a {@link ElementType#FLOAT64} tensor; no {@code shape} means a
   * scalar.
   */
  public static Tensor ofDoubles(double[] values, int... shape) {
    byte[] bytes = new byte[Math.multiplyExact(values.length, Double.BYTES)];
    littleEndian(bytes).asDoubleBuffer().put(values);
    return new Tensor(ElementType.FLOAT64, shape, bytes);
  }

  /**
   * Copies {@code values} into an {@link ElementType#INT64} tensor; no {@code shape} means a
   * scalar.
   */
  public static Tensor ofLongs(long[] values, int... shape) {
    byte[] bytes = new byte[Math.multiplyExact(values.length, Long.BYTES)];
    littleEndian(bytes).asLongBuffer().put(values);
    return new Tensor(ElementType.INT64, shape, bytes);
  }

  /** Returns the type of the elements. */
  public ElementType type() {
    return type;
  }

  /** Returns the length of each dimension; empty for a scalar. */
  public int[] shape() {
    return shape.clone();
  }

  /** Returns the length of {@code dimension}. */
  public int size(int dimension) {
    return shape[dimension];
  }

  /** Returns the number of elements. */
  public int size() {
    return size;
  }

  /** Returns the same elements under another shape of the same size. */
  public Tensor reshape(int... newShape) {
    return new Tensor(type, newShape, bytes);
  }

  /** Returns a copy of the bytes, little-endian and in C order. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  /** Returns the elements as floats, rounded where the type is wider. */
  public float[] toFloats() {
    float[] floats = new float[size];
    if (type == ElementType.FLOAT32) {
      littleEndian(bytes).asFloatBuffer().get(floats);
      return floats;
    }
    ByteBuffer in = littleEndian(bytes);
    for (int i = 0; i < size; i++) {
      floats[i] = type.isFloat() ? (float) doubleAt(in, i) : longAt(in, i);
    }
    return floats;
  }

  /** Returns the elements as doubles; exact but for integers beyond 2^53. */
  public double[] toDoubles() {
    double[] doubles = new double[size];
    ByteBuffer in = littleEndian(bytes);
    for (int i = 0; i < size; i++) {
      doubles[i] = type.isFloat() ? doubleAt(in, i) : longAt(in, i);
    }
    return doubles;
  }

  /** Returns the elements as longs; floating-point elements are cut towards zero. */
  public long[] toLongs() {
    long[] longs = new long[size];
    ByteBuffer in = littleEndian(bytes);
    for (int i = 0; i < size; i++) {
      longs[i] = type.isFloat() ? (long) doubleAt(in, i) : longAt(in, i);
    }
    return longs;
  }

  private double doubleAt(ByteBuffer in, int i) {
    return switch (type) {
      case FLOAT16 -> halfToFloat(in.getShort(2 * i));
      case BFLOAT16 -> Float.intBitsToFloat(in.getShort(2 * i) << 16);
      case FLOAT32 -> in.getFloat(4 * i);
      case FLOAT64 -> in.getDouble(8 * i);
      default -> throw new AssertionError(type);
    };
  }

  private long longAt(ByteBuffer in, int i) {
    return switch (type) {
      case UINT8, BOOL -> in.get(i) & 0xff;
      case INT8 -> in.get(i);
      case INT16 -> in.getShort(2 * i);
      case INT32 -> in.getInt(4 * i);
      case INT64 -> in.getLong(8 * i);
      default -> throw new AssertionError(type);
    };
  }

  // Float.float16ToFloat exists only from JDK 20 on.
  private static float halfToFloat(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = (half >> 10) & 0x1f;
    int mantissa = half & 0x3ff;
    if (exponent == 0) {
      float magnitude = mantissa * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }
    int bits = exponent == 31 ? 0x7f800000 : (exponent + 112) << 23;
    return Float.intBitsToFloat(sign | bits | mantissa << 13);
  }

  private static int elements(int[] shape) {
    int product = 1;
    for (int length : shape) {
      if (length < 0) {
        throw new IllegalArgumentException("negative dimension in shape " + Arrays.toString(shape));
      }
      product = Math.multiplyExact(product, length);
    }
    return product;
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Two tensors are equal if type, shape and all bytes are. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Tensor that
        && type == that.type
        && Arrays.equals(shape, that.shape)
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(shape) + Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return type + Arrays.toString(shape);
  }
}
