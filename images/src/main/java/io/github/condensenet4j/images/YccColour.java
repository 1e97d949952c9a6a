package io.github.condensenet4j.images;

/**
 * Luminance and colour differences to red, green and blue, as libjpeg does it: 16-bit fixed point,
 * rounded, clipped.
 *
 * <pre>{@code
 * R = Y + 1.402 Cr       G = Y - 0.34414 Cb - 0.71414 Cr       B = Y + 1.772 Cb
 * }</pre>
 */
final class YccColour {

  private static final int HALF = 1 << 15;
  private static final int[] RED_OF_CR = new int[256];
  private static final int[] GREEN_OF_CR = new int[256];
  private static final int[] GREEN_OF_CB = new int[256];
  private static final int[] BLUE_OF_CB = new int[256];

  static {
    for (int sample = 0; sample < 256; sample++) {
      int difference = sample - 128;
      RED_OF_CR[sample] = (fixed(1.40200) * difference + HALF) >> 16;
      BLUE_OF_CB[sample] = (fixed(1.77200) * difference + HALF) >> 16;
      GREEN_OF_CR[sample] = -fixed(0.71414) * difference;
      // The sum of both parts is rounded once.
      GREEN_OF_CB[sample] = -fixed(0.34414) * difference + HALF;
    }
  }

  private YccColour() {}

  private static int fixed(double factor) {
    return (int) (factor * (1 << 16) + 0.5);
  }

  /**
   * Converts the first three of every {@code stride} samples in place.
   *
   * @param samples {@code [pixels, stride]}
   */
  static void toRgb(byte[] samples, int stride, int pixels) {
    for (int pixel = 0, at = 0; pixel < pixels; pixel++, at += stride) {
      int luminance = samples[at] & 0xff;
      int cb = samples[at + 1] & 0xff;
      int cr = samples[at + 2] & 0xff;
      samples[at] = clip(luminance + RED_OF_CR[cr]);
      samples[at + 1] = clip(luminance + ((GREEN_OF_CB[cb] + GREEN_OF_CR[cr]) >> 16));
      samples[at + 2] = clip(luminance + BLUE_OF_CB[cb]);
    }
  }

  private static byte clip(int value) {
    return (byte) Math.max(0, Math.min(255, value));
  }
}
