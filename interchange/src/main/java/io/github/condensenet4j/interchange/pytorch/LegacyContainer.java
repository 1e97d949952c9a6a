package io.github.condensenet4j.interchange.pytorch;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.interchange.pytorch.PythonValue.Dictionary;
import io.github.condensenet4j.interchange.pytorch.PythonValue.Scalar;
import io.github.condensenet4j.interchange.pytorch.PythonValue.Sequence;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The container that PyTorch wrote before 1.6 and still writes on demand: five pickles (magic
 * number, version, machine, values, keys of the storages), then each storage as its number of
 * elements and its bytes.
 *
 * <p>The bytes are little-endian on every machine; the byte order that the third pickle tells is
 * the writing machine's, and PyTorch too only records it.
 */
final class LegacyContainer {

  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final long VERSION = 1001;

  private LegacyContainer() {}

  static PythonValue read(Path file, String source, StorageTable storages) throws IOException {
    try (InputStream stream = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      PickleInput in = new PickleInput(stream, Files.size(file), source);
      if (!read(in, storages, source).equals(new Scalar(MAGIC))) {
        throw new InvalidFileException(
            source, "is a pickle but no PyTorch checkpoint; save it with torch.save");
      }
      if (!read(in, storages, source).equals(new Scalar(VERSION))) {
        throw new InvalidFileException(
            source, "is of an unknown version; save it again with a current PyTorch");
      }
      if (!(read(in, storages, source) instanceof Dictionary)) {
        throw damaged(source, "does not describe the machine that wrote it");
      }
      PythonValue root = read(in, storages, source);
      if (!(read(in, storages, source) instanceof Sequence keys)) {
        throw damaged(source, "has no list of storages");
      }
      for (PythonValue key : keys.items()) {
        fill(storage(key, storages, source), in, source);
      }
      for (Storage storage : storages.all()) {
        if (!storage.isFilled()) {
          throw damaged(source, "lacks the bytes of storage " + storage.key());
        }
      }
      if (in.left() > 0) {
        throw damaged(source, "has " + in.left() + " bytes after its last storage");
      }
      return root;
    }
  }

  private static PythonValue read(PickleInput in, StorageTable storages, String source)
      throws IOException {
    return new PickleReader(in, storages, source).read();
  }

  private static Storage storage(PythonValue key, StorageTable storages, String source) {
    Storage storage =
        key instanceof Scalar scalar && scalar.value() instanceof String text
            ? storages.find(text)
            : null;
    if (storage == null || storage.isFilled()) {
      throw damaged(source, "has a list of storages that does not fit its tensors");
    }
    return storage;
  }

  private static void fill(Storage storage, PickleInput in, String source) throws IOException {
    long size = in.longInteger();
    if (size != storage.size()) {
      throw damaged(
          source,
          "storage "
              + storage.key()
              + " has "
              + size
              + " elements, "
              + storage.size()
              + " expected");
    }
    storage.fill(in.bytes(storage.byteCount(source)));
  }

  private static InvalidFileException damaged(String source, String what) {
    return new InvalidFileException(source, what + "; the file is damaged, take another copy");
  }
}
