package io.github.condensenet4j.kernels.resampling;

/**
 * Luminance and colour differences to red, green and blue, as libjpeg does it: 16-bit fixed point,
 * rounded, clipped.
 *
 * <pre>{@code
 * R = Y + 1.402 Cr       G = Y - 0.34414 Cb - 0.71414 Cr       B = Y + 1.772 Cb
 * }</pre>
 */
public final class YccColour {

  /** Pixels of a turn: they stay in the first-level cache. */
  private static final int AT_ONCE = 512;

  static final int HALF = 1 << 15;

  // The factors in multiples of 2^-16, for loops in which a call would stand in the way.
  static final int RED = 91881;
  static final int GREEN_CB = 22554;
  static final int GREEN_CR = 46802;
  static final int BLUE = 116130;

  private static final int[] RED_OF_CR = new int[256];
  private static final int[] GREEN_OF_CR = new int[256];
  private static final int[] GREEN_OF_CB = new int[256];
  private static final int[] BLUE_OF_CB = new int[256];

  static {
    for (int sample = 0; sample < 256; sample++) {
      int difference = sample - 128;
      RED_OF_CR[sample] = (RED * difference + HALF) >> 16;
      BLUE_OF_CB[sample] = (BLUE * difference + HALF) >> 16;
      GREEN_OF_CR[sample] = -GREEN_CR * difference;
      // The sum of both parts is rounded once.
      GREEN_OF_CB[sample] = -GREEN_CB * difference + HALF;
    }
  }

  private YccColour() {}

  /**
   * Converts the first three of every {@code stride} samples in place.
   *
   * @param samples {@code [pixels, stride]}
   */
  public static void toRgb(byte[] samples, int stride, int pixels) {
    int done = 0;
    if (stride == 3) {
      int[][] rows = new int[4][AT_ONCE];
      for (; done + AT_ONCE <= pixels; done += AT_ONCE) {
        toRgb(samples, 3 * done, rows[0], rows[1], rows[2], rows[3]);
      }
    }
    for (int pixel = done, at = done * stride; pixel < pixels; pixel++, at += stride) {
      int luminance = samples[at] & 0xff;
      int cb = samples[at + 1] & 0xff;
      int cr = samples[at + 2] & 0xff;
      samples[at] = clip(luminance + RED_OF_CR[cr]);
      samples[at + 1] = clip(luminance + ((GREEN_OF_CB[cb] + GREEN_OF_CR[cr]) >> 16));
      samples[at + 2] = clip(luminance + BLUE_OF_CB[cb]);
    }
  }

  /** Converts as many pixels as {@code packed} is long, an int each meanwhile. */
  private static void toRgb(
      byte[] samples, int first, int[] packed, int[] red, int[] green, int[] blue) {
    PackedPixels.pack(samples, first, packed.length, packed, 0, 1);
    toRed(packed, red);
    toGreen(packed, green);
    toBlue(packed, blue);
    for (int i = 0; i < packed.length; i++) {
      packed[i] = red[i] | (green[i] << 8) | (blue[i] << 16);
    }
    PackedPixels.unpack(packed, 0, packed.length, samples, first);
  }

  // Loops of ints with one short result each, in which Java finds vectors; masks of signs clip.

  private static void toRed(int[] packed, int[] red) {
    for (int i = 0; i < packed.length; i++) {
      int cr = ((packed[i] >> 16) & 0xff) - 128;
      int value = (packed[i] & 0xff) + ((RED * cr + HALF) >> 16);
      red[i] = ((value & ~(value >> 31)) | ((255 - value) >> 31)) & 0xff;
    }
  }

  private static void toGreen(int[] packed, int[] green) {
    for (int i = 0; i < packed.length; i++) {
      int cb = ((packed[i] >> 8) & 0xff) - 128;
      int cr = ((packed[i] >> 16) & 0xff) - 128;
      int value = (packed[i] & 0xff) + ((HALF - GREEN_CB * cb - GREEN_CR * cr) >> 16);
      green[i] = ((value & ~(value >> 31)) | ((255 - value) >> 31)) & 0xff;
    }
  }

  private static void toBlue(int[] packed, int[] blue) {
    for (int i = 0; i < packed.length; i++) {
      int cb = ((packed[i] >> 8) & 0xff) - 128;
      int value = (packed[i] & 0xff) + ((BLUE * cb + HALF) >> 16);
      blue[i] = ((value & ~(value >> 31)) | ((255 - value) >> 31)) & 0xff;
    }
  }

  private static byte clip(int value) {
    return (byte) Math.max(0, Math.min(255, value));
  }
}
