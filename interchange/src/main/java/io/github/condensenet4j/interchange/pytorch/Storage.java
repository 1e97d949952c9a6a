package io.github.condensenet4j.interchange.pytorch;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.tensor.ElementType;

/**
 * The memory behind one or more tensors. Its size is known when the pickle names it, its bytes come
 * later, from elsewhere in the container.
 */
final class Storage {

  private final String key;
  private final ElementType type;
  private final boolean isUntyped;
  private final long size;
  private byte[] bytes;

  /**
   * Creates a storage without bytes.
   *
   * @param key its name in the container
   * @param isUntyped whether tensors of any type may look into it
   * @param size number of elements of {@code type}
   */
  Storage(String key, ElementType type, boolean isUntyped, long size) {
    this.key = key;
    this.type = type;
    this.isUntyped = isUntyped;
    this.size = size;
  }

  String key() {
    return key;
  }

  ElementType type() {
    return type;
  }

  boolean isUntyped() {
    return isUntyped;
  }

  long size() {
    return size;
  }

  /** Returns the size in bytes, at most what a Java array holds. */
  int byteCount(String source) {
    if (size > (Integer.MAX_VALUE - 64) / type.bytes()) {
      throw new InvalidFileException(
          source,
          "storage " + key + " has " + size + " elements, more than one array of 2 GiB holds");
    }
    return (int) size * type.bytes();
  }

  boolean isFilled() {
    return bytes != null;
  }

  /** Takes the bytes, little-endian, exactly as many as promised. */
  void fill(byte[] content) {
    if (content.length != size * type.bytes()) {
      throw new IllegalArgumentException(content.length + " bytes for storage " + key);
    }
    if (type == ElementType.BOOL) {
      for (int i = 0; i < content.length; i++) {
        content[i] = (byte) (content[i] == 0 ? 0 : 1);
      }
    }
    bytes = content;
  }

  /** Returns the bytes themselves, which nobody may change. */
  byte[] bytes() {
    if (bytes == null) {
      throw new IllegalStateException("storage " + key + " has no bytes yet");
    }
    return bytes;
  }
}
