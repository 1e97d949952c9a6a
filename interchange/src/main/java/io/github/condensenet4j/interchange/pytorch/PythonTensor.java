package io.github.condensenet4j.interchange.pytorch;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.tensor.ElementType;
import io.github.condensenet4j.core.tensor.Tensor;
import java.util.Arrays;

/** A tensor of a checkpoint: a strided look into a storage, which other tensors may share. */
public final class PythonTensor implements PythonValue {

  /**
   * How many bytes tensors may have beyond twice their storages: repeated elements cost nothing.
   */
  private static final long MAX_REPEATED_BYTES = 1L << 28;

  private final ElementType type;
  private final Storage storage;
  private final long offset;
  private final int[] shape;
  private final long[] strides;

  private PythonTensor(
      ElementType type, Storage storage, long offset, int[] shape, long[] strides) {
    this.type = type;
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }

  /**
   * Returns the tensor that starts at element {@code offset} of {@code view}.
   *
   * @param type type of its elements; that of the storage, unless that is untyped
   * @param offset in elements of {@code type}
   * @param lengths length of each dimension
   * @param strides elements from one index to the next, for each dimension
   * @throws InvalidFileException if it reaches beyond the storage
   */
  static PythonTensor of(
      ElementType type,
      StorageView view,
      long offset,
      long[] lengths,
      long[] strides,
      String source) {
    Storage storage = view.storage();
    try {
      if (!storage.isUntyped() && type != storage.type()) {
        throw new InvalidFileException(
            source, "a tensor of " + type + " looks into a storage of " + storage.type());
      }
      if (lengths.length != strides.length || offset < 0) {
        throw beyond(source, lengths, storage);
      }
      long elements = 1;
      long last = Math.addExact(offset, 1);
      for (int d = 0; d < lengths.length; d++) {
        if (lengths[d] < 0 || lengths[d] > Integer.MAX_VALUE || strides[d] < 0) {
          throw beyond(source, lengths, storage);
        }
        elements = Math.multiplyExact(elements, Math.max(lengths[d], 1));
        last = Math.addExact(last, Math.multiplyExact(Math.max(lengths[d] - 1, 0), strides[d]));
      }
      boolean isEmpty = Arrays.stream(lengths).anyMatch(length -> length == 0);
      long available = view.size() * storage.type().bytes() / type.bytes();
      if (elements > (Integer.MAX_VALUE - 64) / type.bytes() || (!isEmpty && last > available)) {
        throw beyond(source, lengths, storage);
      }
      long start = Math.addExact(offset, view.offset() * storage.type().bytes() / type.bytes());
      int[] shape = Arrays.stream(lengths).mapToInt(Math::toIntExact).toArray();
      return new PythonTensor(type, storage, start, shape, strides);
    } catch (ArithmeticException e) {
      throw beyond(source, lengths, storage);
    }
  }

  private static InvalidFileException beyond(String source, long[] lengths, Storage storage) {
    return new InvalidFileException(
        source,
        "a tensor of shape "
            + (lengths.length <= 8 ? Arrays.toString(lengths) : lengths.length + " dimensions")
            + " reaches beyond its storage "
            + storage.key()
            + " of "
            + storage.size()
            + " elements; the file is damaged, take another copy");
  }

  /** Returns the type of the elements. */
  public ElementType type() {
    return type;
  }

  /** Returns the length of each dimension; empty for a scalar. */
  public int[] shape() {
    return shape.clone();
  }

  Storage storage() {
    return storage;
  }

  /** Returns the size of {@link #tensor()} in bytes. */
  long bytes() {
    return (long) size() * type.bytes();
  }

  /**
   * Refuses tensors of {@code bytes} bytes that look into storages of {@code storageBytes}: a few
   * bytes, expanded, can claim all memory.
   */
  static void refuseBomb(long bytes, long storageBytes, String source) {
    if (bytes - MAX_REPEATED_BYTES > 2 * storageBytes) {
      throw new InvalidFileException(
          source,
          "tensors of "
              + bytes
              + " bytes repeat the elements of storages of "
              + storageBytes
              + " bytes; no checkpoint does, the file may be hostile");
    }
  }

  /** Returns the elements, in C order. A tensor that is all of its storage is not copied. */
  public Tensor tensor() {
    byte[] all = storage.bytes();
    refuseBomb(bytes(), all.length, "storage " + storage.key());
    int elementBytes = type.bytes();
    int count = size();
    if (isContiguous()) {
      int from = count == 0 ? 0 : Math.toIntExact(offset * elementBytes);
      boolean isWhole = from == 0 && count * elementBytes == all.length;
      byte[] part = isWhole ? all : Arrays.copyOfRange(all, from, from + count * elementBytes);
      return Tensor.ofBytes(type, part, shape);
    }
    return Tensor.ofBytes(type, gathered(all, new byte[count * elementBytes]), shape);
  }

  private int size() {
    int size = 1;
    for (int length : shape) {
      size *= length;
    }
    return size;
  }

  private boolean isContiguous() {
    long expected = 1;
    for (int d = shape.length - 1; d >= 0; d--) {
      if (shape[d] != 1 && strides[d] != expected) {
        return size() == 0;
      }
      expected *= shape[d];
    }
    return true;
  }

  private byte[] gathered(byte[] from, byte[] to) {
    int elementBytes = type.bytes();
    int[] index = new int[shape.length];
    long element = offset;
    for (int at = 0; at < to.length; at += elementBytes) {
      System.arraycopy(from, (int) element * elementBytes, to, at, elementBytes);
      int d = shape.length - 1;
      while (d >= 0 && ++index[d] == shape[d]) {
        element -= (shape[d] - 1) * strides[d];
        index[d] = 0;
        d--;
      }
      element += d < 0 ? 0 : strides[d];
    }
    return to;
  }
}
