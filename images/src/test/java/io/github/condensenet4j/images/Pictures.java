package io.github.condensenet4j.images;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The archives that the scripts beside the tests' resources make. */
final class Pictures {

  private Pictures() {}

  /** Returns the entries of the archive {@code name}. */
  static Map<String, byte[]> archive(String name) {
    Map<String, byte[]> entries = new TreeMap<>();
    try (InputStream in = Pictures.class.getResourceAsStream(name);
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        entries.put(entry.getName(), zip.readAllBytes());
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return entries;
  }

  /** Returns the picture of an entry: width and height of 4 bytes each, then samples. */
  static RgbImage picture(byte[] entry) {
    ByteBuffer in = ByteBuffer.wrap(entry);
    int width = in.getInt();
    int height = in.getInt();
    byte[] samples = new byte[in.remaining()];
    in.get(samples);
    return new RgbImage(width, height, samples);
  }
}
