package io.github.condensenet4j.core.model;

import io.github.condensenet4j.core.InvalidFileException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A row of numbers in ND4J's binary form.
 *
 * <p>The form is two buffers, each a text (how it was allocated), a 64-bit count, a text (the
 * element type) and as many elements, all big-endian. The first buffer holds rank, shape, strides,
 * type flags, element stride and order of the array, the second its elements. Read and written here
 * are arrays of rank 1 and 2 with at most one dimension longer than 1: what DL4J calls flattened
 * parameters.
 */
final class CoefficientArray {

  private static final String ALLOCATION = "MIXED_DATA_TYPES";
  private static final int MAX_TEXT_BYTES = 32;
  private static final int MAX_RANK = 2;
  private static final long FLOAT_FLAGS = 0x2000;
  private static final int CHUNK = 1 << 14;

  private final InputStream in;
  private final boolean isDouble;
  private final long size;
  private long position;

  private CoefficientArray(InputStream in, boolean isDouble, long size) {
    this.in = in;
    this.isDouble = isDouble;
    this.size = size;
  }

  /**
   * Reads the beginning of an array up to its first element.
   *
   * @param bytes bytes that {@code in} holds; the array must fill them exactly
   * @param source name of the file and entry for messages
   */
  static CoefficientArray open(InputStream in, long bytes, String source) throws IOException {
    DataInputStream data = new DataInputStream(in);
    long[] used = new long[1];
    long shapeLength = header(data, "LONG", used, source).length;
    if (shapeLength < 4 || shapeLength > 2 * MAX_RANK + 4) {
      throw new InvalidFileException(source, "is no row of numbers in ND4J's form");
    }
    long[] shape = new long[(int) shapeLength];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = data.readLong();
      used[0] += Long.BYTES;
    }
    Header elements = header(data, null, used, source);
    checkShape(shape, elements.length, source);
    int elementBytes = elements.isDouble ? Double.BYTES : Float.BYTES;
    if (elements.length < 0 || elements.length != (bytes - used[0]) / (double) elementBytes) {
      throw new InvalidFileException(
          source,
          "says it holds "
              + elements.length
              + " numbers, which "
              + (bytes - used[0])
              + " bytes do not; the file is damaged, take another copy");
    }
    return new CoefficientArray(in, elements.isDouble, elements.length);
  }

  /** Length and type of a buffer. */
  private record Header(long length, boolean isDouble) {}

  private static Header header(DataInputStream in, String expectedType, long[] used, String source)
      throws IOException {
    String allocation = text(in, used, source);
    long length = in.readLong();
    used[0] += Long.BYTES;
    String type = text(in, used, source);
    boolean isKnown =
        expectedType != null
            ? type.equals(expectedType)
            : type.equals("FLOAT") || type.equals("DOUBLE");
    if (!isKnown || !(allocation.equals(ALLOCATION) || allocation.equals("LONG_SHAPE"))) {
      throw new InvalidFileException(
          source, "holds no 32- or 64-bit floating-point numbers in ND4J's form");
    }
    return new Header(length, type.equals("DOUBLE"));
  }

  private static String text(DataInputStream in, long[] used, String source) throws IOException {
    int bytes = in.readUnsignedShort();
    if (bytes > MAX_TEXT_BYTES) {
      throw new InvalidFileException(source, "is no array in ND4J's form");
    }
    used[0] += Short.BYTES + bytes;
    byte[] text = new byte[bytes];
    in.readFully(text);
    return new String(text, StandardCharsets.US_ASCII);
  }

  private static void checkShape(long[] shape, long length, String source) {
    int rank = (int) shape[0];
    boolean isRow = shape[0] >= 1 && shape[0] <= MAX_RANK && shape.length == 2 * rank + 4;
    long longest = 1;
    for (int d = 0; isRow && d < rank; d++) {
      long size = shape[1 + d];
      isRow = size == 1 || longest == 1;
      longest = size == 1 ? longest : size;
    }
    if (!isRow || longest != length) {
      throw new InvalidFileException(
          source, "is no row of numbers in ND4J's form; the file is damaged or foreign");
    }
  }

  /** Returns the number of elements. */
  long size() {
    return size;
  }

  /** Passes over elements up to {@code index}, which must not lie behind. */
  void skipTo(long index) throws IOException {
    in.skipNBytes((index - position) * (isDouble ? Double.BYTES : Float.BYTES));
    position = index;
  }

  /** Reads the next {@code values.length} elements, rounded to floats. */
  void read(float[] values) throws IOException {
    int elementBytes = isDouble ? Double.BYTES : Float.BYTES;
    byte[] chunk = new byte[Math.min(values.length, CHUNK) * elementBytes];
    for (int from = 0; from < values.length; from += CHUNK) {
      int count = Math.min(CHUNK, values.length - from);
      if (in.readNBytes(chunk, 0, count * elementBytes) < count * elementBytes) {
        throw new EOFException();
      }
      ByteBuffer buffer = ByteBuffer.wrap(chunk);
      if (isDouble) {
        for (int i = 0; i < count; i++) {
          values[from + i] = (float) buffer.getDouble();
        }
      } else {
        buffer.asFloatBuffer().get(values, from, count);
      }
    }
    position += values.length;
  }

  /** Writes {@code values} as ND4J writes an array of floats of shape {@code [1, N]}. */
  static void write(OutputStream out, float[] values) throws IOException {
    DataOutputStream data = new DataOutputStream(out);
    long[] shape = {2, 1, values.length, 1, 1, FLOAT_FLAGS, 1, 'c'};
    data.writeUTF(ALLOCATION);
    data.writeLong(shape.length);
    data.writeUTF("LONG");
    for (long value : shape) {
      data.writeLong(value);
    }
    data.writeUTF(ALLOCATION);
    data.writeLong(values.length);
    data.writeUTF("FLOAT");
    data.flush();
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK * Float.BYTES);
    for (int from = 0; from < values.length; from += CHUNK) {
      int count = Math.min(CHUNK, values.length - from);
      chunk.clear().asFloatBuffer().put(values, from, count);
      out.write(chunk.array(), 0, count * Float.BYTES);
    }
  }
}
