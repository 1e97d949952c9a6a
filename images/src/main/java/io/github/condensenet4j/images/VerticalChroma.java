package io.github.condensenet4j.images;

import java.awt.image.Raster;
import java.util.Base64;

/**
 * Smooths colour that was stored in half the rows (4:4:0 sampling), where the JDK's decompressor
 * only repeats each row.
 *
 * <p>libjpeg-turbo weighs the nearer stored row 3/4 and the farther 1/4; the older libjpeg that
 * some JDKs carry repeats rows. Which one is at work here a small picture tells.
 */
final class VerticalChroma {

  /** A 6x29 JPEG of two units with one colour each, 4:4:0: rows 14 and 15 differ if smoothed. */
  private static final String PROBE =
      "/9j/2wBDAAgBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB"
          + "AQEBAQH/wAARCAAdAAYDARIAAhEAAxEA/8QAHwAAAAAMAAAAAAAAAAAAAAAAAAECAwQFBgcICQoL/8QAFBAA"
          + "AQAAAAAAAAAAAAAAAAAAAP/aAAwDAQACAAMAAD8AAAc2AAARkAH/2Q==";

  private static final boolean REPEATED = repeatsRows();

  private VerticalChroma() {}

  /**
   * Makes {@code samples}, {@code [height, width, components]}, what libjpeg-turbo gives, in place.
   */
  static void smooth(byte[] samples, int width, int height, int components) {
    if (!REPEATED) {
      return;
    }
    byte[] stored = samples.clone();
    int row = width * components;
    for (int y = 0; y < height; y++) {
      int near = y & ~1;
      // Upper rows of a pair lean on the pair above, lower ones on the pair below.
      int far = Math.max(0, Math.min((height - 1) & ~1, (y & 1) == 0 ? near - 2 : near + 2));
      int rounding = (y & 1) == 0 ? 1 : 2;
      for (int x = 0; x < width; x++) {
        for (int component = 1; component < 3; component++) {
          int at = x * components + component;
          int sum = 3 * (stored[near * row + at] & 0xff) + (stored[far * row + at] & 0xff);
          samples[y * row + at] = (byte) ((sum + rounding) >> 2);
        }
      }
    }
  }

  private static boolean repeatsRows() {
    try {
      Raster probe = JpegRaster.read(Base64.getDecoder().decode(PROBE), null);
      return probe.getSample(0, 14, 1) == probe.getSample(0, 15, 1);
    } catch (MalformedImageException e) {
      throw new IllegalStateException("this Java's JPEG reader cannot read 4:4:0 sampling", e);
    }
  }
}
