package io.github.condensenet4j.pipelines.augment;

import io.github.condensenet4j.images.RgbImage;

/**
 * Blends of a picture with a poorer one of itself: {@code poor + factor · (image − poor)}, so that
 * 0 gives the poorer one, 1 the picture, and more than 1 exaggerates.
 *
 * <p>Factors are floats, as in Pillow; results are cut down to whole grey levels.
 */
final class Enhancement {

  private Enhancement() {}

  static RgbImage color(RgbImage image, double factor) {
    float share = (float) factor;
    byte[] in = image.samples();
    byte[] out = new byte[in.length];
    for (int i = 0; i < in.length; i += 3) {
      int gray = luma(in, i);
      out[i] = blend(gray, in[i], share);
      out[i + 1] = blend(gray, in[i + 1], share);
      out[i + 2] = blend(gray, in[i + 2], share);
    }
    return new RgbImage(image.width(), image.height(), out);
  }

  static RgbImage contrast(RgbImage image, double factor) {
    byte[] in = image.samples();
    long sum = 0;
    for (int i = 0; i < in.length; i += 3) {
      sum += luma(in, i);
    }
    return blend((int) (sum / (in.length / 3.0) + 0.5), image, factor);
  }

  static RgbImage brightness(RgbImage image, double factor) {
    return blend(0, image, factor);
  }

  /**
   * Blends with means of 3 by 3 pixels, the middle one counted five times; the outermost pixels
   * stay.
   *
   * <p>Pillow adds floats and rounds for the means; a sum of thirteenths is never close to a half,
   * so whole numbers give the same.
   */
  static RgbImage sharpness(RgbImage image, double factor) {
    float share = (float) factor;
    byte[] in = image.samples();
    byte[] out = in.clone();
    int row = 3 * image.width();
    int[] columns = new int[row];
    for (int y = 1; y < image.height() - 1; y++) {
      int start = y * row;
      for (int i = 0; i < row; i++) {
        columns[i] =
            (in[start + i - row] & 0xff) + (in[start + i] & 0xff) + (in[start + i + row] & 0xff);
      }
      for (int i = 3; i < row - 3; i++) {
        int sum = columns[i - 3] + columns[i] + columns[i + 3] + 4 * (in[start + i] & 0xff);
        out[start + i] = blend((sum + 6) / 13, in[start + i], share);
      }
    }
    return new RgbImage(image.width(), image.height(), out);
  }

  /** Rec. 601 luma in 16 bits of fraction, rounded. */
  private static int luma(byte[] samples, int i) {
    int red = samples[i] & 0xff;
    int green = samples[i + 1] & 0xff;
    int blue = samples[i + 2] & 0xff;
    return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
  }

  private static RgbImage blend(int poor, RgbImage image, double factor) {
    float share = (float) factor;
    return ToneCurve.map(image, sample -> blend(poor, (byte) sample, share));
  }

  private static byte blend(int poor, byte sample, float share) {
    float value = poor + share * ((sample & 0xff) - poor);
    return (byte) Math.max(0, Math.min(255, (int) value));
  }
}
