package io.github.condensenet4j.visualization;

/**
 * Colours from pale to dark for shares from 0 to 1; lightness falls evenly, so that they are told
 * apart in grey too.
 */
final class ColourScale {

  private static final int[] ANCHORS = {
    0xfdf6e3, 0xfdd9a0, 0xfba65c, 0xee6a4d, 0xc93a5e, 0x8d2468, 0x4f1a5f, 0x1d1147
  };

  private ColourScale() {}

  /** Returns the colour {@code 0xRRGGBB} of a share. */
  static int of(double share) {
    double at = Math.min(1, Math.max(0, share)) * (ANCHORS.length - 1);
    int lower = Math.min((int) at, ANCHORS.length - 2);
    int colour = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int from = ANCHORS[lower] >> shift & 0xff;
      int to = ANCHORS[lower + 1] >> shift & 0xff;
      colour |= (int) Math.round(from + (to - from) * (at - lower)) << shift;
    }
    return colour;
  }
}
