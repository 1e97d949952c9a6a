package io.github.condensenet4j.interchange.pytorch;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.io.FileProblem;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Unpacks a gzip'd file into a temporary one, which its user deletes. */
final class GzipFile {

  /** A file that unpacks to less than this many bytes is never called a bomb. */
  private static final long HARMLESS_BYTES = 1L << 28;

  /** How many times its own size a file may unpack to. */
  private static final int BOMB_RATIO = 100;

  private GzipFile() {}

  static Path unpacked(Path file) {
    try {
      Path unpacked = Files.createTempFile("checkpoint", ".pth");
      try {
        copy(file, unpacked);
        return unpacked;
      } catch (IOException | RuntimeException e) {
        Files.deleteIfExists(unpacked);
        throw e;
      }
    } catch (ZipException | EOFException e) {
      throw new InvalidFileException(
          file, "is damaged where it is compressed by gzip, take another copy", e);
    } catch (IOException e) {
      throw FileProblem.reading(file, e);
    }
  }

  private static void copy(Path file, Path unpacked) throws IOException {
    long limit = Math.max(HARMLESS_BYTES, BOMB_RATIO * Files.size(file));
    try (InputStream in =
            new GZIPInputStream(new BufferedInputStream(Files.newInputStream(file)), 1 << 16);
        OutputStream out = Files.newOutputStream(unpacked)) {
      byte[] buffer = new byte[1 << 16];
      long total = 0;
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        total += count;
        if (total > limit) {
          throw new InvalidFileException(
              file, "is a gzip bomb: it unpacks to more than " + limit + " bytes");
        }
        try {
          out.write(buffer, 0, count);
        } catch (IOException e) {
          throw FileProblem.writing(unpacked, e);
        }
      }
    }
  }
}
