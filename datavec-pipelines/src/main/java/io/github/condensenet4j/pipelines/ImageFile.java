package io.github.condensenet4j.pipelines;

import io.github.condensenet4j.core.io.FileProblem;
import io.github.condensenet4j.images.ImageDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** An image file on its own or in an archive. */
interface ImageFile {

  /** Returns what messages call it. */
  String name();

  /**
   * Returns its bytes, no more than one beyond what {@link ImageDecoder} takes.
   *
   * @throws io.github.condensenet4j.core.InvalidFileException if it cannot be read
   */
  byte[] read();

  /**
   * A file of a folder.
   *
   * @param path where it is, relative to {@code folder}
   */
  record InFolder(Path folder, String path) implements ImageFile {

    @Override
    public String name() {
      return folder.resolve(path).toString();
    }

    @Override
    public byte[] read() {
      Path file = folder.resolve(path);
      try (InputStream in = Files.newInputStream(file)) {
        return in.readNBytes(ImageDecoder.MAX_BYTES + 1);
      } catch (IOException e) {
        throw FileProblem.reading(file, e);
      }
    }
  }
}
