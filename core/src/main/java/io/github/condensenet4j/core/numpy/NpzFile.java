package io.github.condensenet4j.core.numpy;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.io.AtomicFile;
import io.github.condensenet4j.core.io.ZipArchive;
import io.github.condensenet4j.core.io.ZipWriter;
import io.github.condensenet4j.core.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Arrays by key in an {@code .npz} file, a zip archive of {@code .npy} files, stored or deflated.
 */
public final class NpzFile {

  private static final String SUFFIX = ".npy";

  private NpzFile() {}

  /**
   * Reads all arrays of {@code file}, in its order; the map is not modifiable.
   *
   * @throws InvalidFileException if the file or one of its arrays is missing, damaged or hostile
   */
  public static Map<String, Tensor> read(Path file) {
    try (ZipArchive archive = ZipArchive.open(file)) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      for (String key : keys(archive, file)) {
        tensors.put(key, read(archive, file, key));
      }
      return Collections.unmodifiableMap(tensors);
    }
  }

  /**
   * Reads the array called {@code key} and no other.
   *
   * @throws InvalidFileException if there is none, or the file is damaged or hostile
   */
  public static Tensor read(Path file, String key) {
    try (ZipArchive archive = ZipArchive.open(file)) {
      Set<String> keys = keys(archive, file);
      if (!keys.contains(key)) {
        throw new InvalidFileException(
            file,
            "has no array "
                + key
                + ", choose one of "
                + String.join(", ", keys.stream().limit(20).toList())
                + (keys.size() > 20 ? ", …" : ""));
      }
      return read(archive, file, key);
    }
  }

  /**
   * Returns the names of the arrays in {@code file}, in its order, without reading them.
   *
   * @throws InvalidFileException if the file is missing, damaged or hostile
   */
  public static Set<String> keys(Path file) {
    try (ZipArchive archive = ZipArchive.open(file)) {
      return keys(archive, file);
    }
  }

  private static Set<String> keys(ZipArchive archive, Path file) {
    Set<String> keys = new LinkedHashSet<>();
    for (String name : archive.names()) {
      if (!name.endsWith(SUFFIX)) {
        throw new InvalidFileException(
            file,
            "has an entry " + name + ", only arrays (.npy) expected; save it with numpy.savez");
      }
      keys.add(name.substring(0, name.length() - SUFFIX.length()));
    }
    return keys;
  }

  private static Tensor read(ZipArchive archive, Path file, String key) {
    String name = key + SUFFIX;
    try (InputStream in = archive.stream(name)) {
      return NpyFile.read(in, archive.size(name), file + ": array " + key);
    } catch (IOException e) {
      throw archive.failed(e);
    }
  }

  /**
   * Writes {@code tensors} to {@code file} in their order, not compressed, atomically and always as
   * the same bytes.
   *
   * @throws io.github.condensenet4j.core.FileWriteException if it cannot be written
   */
  public static void write(Path file, Map<String, Tensor> tensors) {
    AtomicFile.write(
        file,
        out -> {
          ZipWriter zip = new ZipWriter(out);
          for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
            zip.entry(tensor.getKey() + SUFFIX, array -> NpyFile.write(array, tensor.getValue()));
          }
          zip.finish(sum -> "");
        });
  }
}
