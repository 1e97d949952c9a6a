package io.github.condensenet4j.interchange.pytorch;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.io.ZipArchive;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * The container that PyTorch writes since 1.6: a zip archive with the pickle in {@code data.pkl}, a
 * storage a file below {@code data/}, and perhaps {@code byteorder}, all in one folder.
 */
final class ZipContainer {

  private static final String PICKLE = "/data.pkl";

  private ZipContainer() {}

  static PythonValue read(Path file, String source, StorageTable storages) throws IOException {
    try (ZipArchive archive = ZipArchive.open(file)) {
      String folder = folder(archive, source);
      byte[] pickle = archive.bytes(folder + PICKLE, PickleReader.MAX_BYTES);
      PickleInput in = new PickleInput(new ByteArrayInputStream(pickle), pickle.length, source);
      PythonValue root = new PickleReader(in, storages, source).read();
      if (in.left() > 0) {
        throw new InvalidFileException(
            source,
            "has bytes after the end of its pickle; the file is damaged, take another copy");
      }
      boolean isBigEndian = isBigEndian(archive, folder, source);
      for (Storage storage : storages.all()) {
        fill(storage, archive, folder + "/data/" + storage.key(), isBigEndian, source);
      }
      return root;
    }
  }

  private static String folder(ZipArchive archive, String source) {
    List<String> pickles =
        archive.names().stream()
            .filter(name -> name.endsWith(PICKLE) && name.indexOf('/') == name.lastIndexOf('/'))
            .toList();
    if (pickles.size() != 1) {
      throw new InvalidFileException(
          source,
          "has "
              + pickles.size()
              + " entries data.pkl, one expected; it is a zip archive but no PyTorch checkpoint");
    }
    return pickles.get(0).substring(0, pickles.get(0).length() - PICKLE.length());
  }

  private static boolean isBigEndian(ZipArchive archive, String folder, String source) {
    String name = folder + "/byteorder";
    if (!archive.contains(name)) {
      return false;
    }
    String order = new String(archive.bytes(name, 16), StandardCharsets.US_ASCII);
    return switch (order) {
      case "little" -> false;
      case "big" -> true;
      default ->
          throw new InvalidFileException(
              source, "has an unknown byte order; the file is damaged, take another copy");
    };
  }

  private static void fill(
      Storage storage, ZipArchive archive, String name, boolean isBigEndian, String source) {
    int expected = storage.byteCount(source);
    if (archive.size(name) != expected) {
      throw new InvalidFileException(
          source,
          "entry "
              + name
              + " has "
              + archive.size(name)
              + " bytes, "
              + expected
              + " expected; the file is damaged, take another copy");
    }
    byte[] bytes = archive.bytes(name, expected);
    if (isBigEndian) {
      reverseEach(bytes, storage.type().bytes());
    }
    storage.fill(bytes);
  }

  private static void reverseEach(byte[] bytes, int elementBytes) {
    for (int at = 0; at < bytes.length; at += elementBytes) {
      for (int i = at, j = at + elementBytes - 1; i < j; i++, j--) {
        byte kept = bytes[i];
        bytes[i] = bytes[j];
        bytes[j] = kept;
      }
    }
  }
}
