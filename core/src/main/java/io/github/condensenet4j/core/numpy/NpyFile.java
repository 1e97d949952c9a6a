package io.github.condensenet4j.core.numpy;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.io.AtomicFile;
import io.github.condensenet4j.core.io.FileProblem;
import io.github.condensenet4j.core.tensor.ElementType;
import io.github.condensenet4j.core.tensor.Tensor;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One array in a {@code .npy} file.
 *
 * <p>Read are versions 1 to 3, C and Fortran order, both byte orders, booleans, signed and unsigned
 * integers (unsigned ones of 2 and 4 bytes become the next wider signed type, 8 bytes are refused)
 * and floating-point numbers. Python objects, records, texts and complex numbers are refused.
 */
public final class NpyFile {

  /** The largest array that Java can hold. */
  private static final long MAX_BYTES = Integer.MAX_VALUE - 64;

  private NpyFile() {}

  /**
   * Reads the array in {@code file}; in C order, whatever the order in the file.
   *
   * @throws InvalidFileException if it is missing, no array, damaged, or of a type that is not read
   */
  public static Tensor read(Path file) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      return read(in, Files.size(file), file.toString());
    } catch (IOException e) {
      throw FileProblem.reading(file, e);
    }
  }

  /**
   * Reads an array from {@code in} to its end.
   *
   * @param size bytes that {@code in} holds; nothing is allocated beyond them
   * @param source where the bytes come from, for messages
   * @throws IOException if reading fails
   * @throws InvalidFileException if the bytes are no array of a type that is read
   */
  static Tensor read(InputStream in, long size, String source) throws IOException {
    try {
      NpyHeader header = NpyHeader.read(in, source);
      long bytes = dataBytes(header, source);
      if (bytes != size - header.bytes()) {
        throw new InvalidFileException(
            source,
            "has "
                + (size - header.bytes())
                + " bytes of numbers, "
                + bytes
                + " expected; the file is damaged, take another copy");
      }
      byte[] raw = in.readNBytes((int) bytes);
      if (raw.length < bytes) {
        throw new EOFException();
      }
      return tensor(header, raw);
    } catch (EOFException e) {
      throw new InvalidFileException(
          source, "ends too early; the file is damaged, take another copy", e);
    }
  }

  private static long dataBytes(NpyHeader header, String source) {
    // Lengths of zero are left out, or 0 × 2^31 × 2^31 would be harmless here and overflow later.
    double elements = 1;
    boolean isEmpty = false;
    for (int length : header.shape()) {
      elements *= Math.max(length, 1);
      isEmpty |= length == 0;
    }
    double tensorBytes = elements * header.type().tensorType().bytes();
    if (tensorBytes > MAX_BYTES) {
      throw new InvalidFileException(
          source, "says that it holds more than " + MAX_BYTES + " bytes of numbers; split it");
    }
    return isEmpty ? 0 : (long) (elements * header.type().bytes());
  }

  private static Tensor tensor(NpyHeader header, byte[] raw) {
    byte[] bytes = header.type().toTensorBytes(raw);
    ElementType type = header.type().tensorType();
    if (header.isFortran() && header.shape().length > 1) {
      bytes = inCOrder(bytes, header.shape(), type.bytes());
    }
    return Tensor.ofBytes(type, bytes, header.shape());
  }

  private static byte[] inCOrder(byte[] fortran, int[] shape, int elementBytes) {
    byte[] ordered = new byte[fortran.length];
    int[] index = new int[shape.length];
    int[] strides = new int[shape.length];
    int stride = elementBytes;
    for (int d = 0; d < shape.length; d++) {
      strides[d] = stride;
      stride *= shape[d];
    }
    int from = 0;
    for (int to = 0; to < ordered.length; to += elementBytes) {
      System.arraycopy(fortran, from, ordered, to, elementBytes);
      int d = shape.length - 1;
      while (d >= 0 && ++index[d] == shape[d]) {
        from -= (shape[d] - 1) * strides[d];
        index[d] = 0;
        d--;
      }
      from += d < 0 ? 0 : strides[d];
    }
    return ordered;
  }

  /**
   * Writes {@code tensor} to {@code file}, atomically and always as the same bytes. {@link
   * ElementType#BFLOAT16}, which numpy does not have, becomes float32.
   *
   * @throws io.github.condensenet4j.core.FileWriteException if it cannot be written
   */
  public static void write(Path file, Tensor tensor) {
    AtomicFile.write(file, out -> write(out, tensor));
  }

  static void write(OutputStream out, Tensor tensor) throws IOException {
    out.write(NpyHeader.write(tensor.type(), tensor.shape()));
    out.write(writable(tensor).toBytes());
  }

  private static Tensor writable(Tensor tensor) {
    return tensor.type() == ElementType.BFLOAT16
        ? Tensor.ofFloats(tensor.toFloats(), tensor.shape())
        : tensor;
  }
}
