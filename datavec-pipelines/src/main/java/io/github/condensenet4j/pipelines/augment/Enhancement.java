package io.github.condensenet4j.pipelines.augment;

import io.github.condensenet4j.images.RgbImage;
import java.util.Arrays;

/**
 * Blends of a picture with a poorer one of itself: {@code poor + factor · (image − poor)}, so that
 * 0 gives the poorer one, 1 the picture, and more than 1 exaggerates.
 *
 * <p>Factors are floats, as in Pillow; results are cut down to whole grey levels.
 */
final class Enhancement {

  private Enhancement() {}

  static RgbImage color(RgbImage image, double factor) {
    byte[] in = image.samples();
    byte[] poor = new byte[in.length];
    for (int i = 0; i < in.length; i += 3) {
      Arrays.fill(poor, i, i + 3, (byte) luma(in, i));
    }
    return blend(poor, image, factor);
  }

  static RgbImage contrast(RgbImage image, double factor) {
    byte[] in = image.samples();
    long sum = 0;
    for (int i = 0; i < in.length; i += 3) {
      sum += luma(in, i);
    }
    byte[] poor = new byte[in.length];
    Arrays.fill(poor, (byte) (int) (sum / (in.length / 3.0) + 0.5));
    return blend(poor, image, factor);
  }

  static RgbImage brightness(RgbImage image, double factor) {
    return blend(new byte[image.samples().length], image, factor);
  }

  static RgbImage sharpness(RgbImage image, double factor) {
    return blend(smoothed(image), image, factor);
  }

  /** Rec. 601 luma in 16 bits of fraction, rounded. */
  private static int luma(byte[] samples, int i) {
    int red = samples[i] & 0xff;
    int green = samples[i + 1] & 0xff;
    int blue = samples[i + 2] & 0xff;
    return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
  }

  /**
   * Returns means of 3 by 3 pixels, the middle one counted five times; the outermost pixels stay.
   *
   * <p>Pillow adds floats and rounds; a sum of thirteenths is never close to a half, so whole
   * numbers give the same.
   */
  private static byte[] smoothed(RgbImage image) {
    byte[] in = image.samples();
    byte[] out = in.clone();
    int row = 3 * image.width();
    for (int y = 1; y < image.height() - 1; y++) {
      for (int i = y * row + 3; i < (y + 1) * row - 3; i++) {
        int sum = three(in, i - row) + three(in, i) + 4 * (in[i] & 0xff) + three(in, i + row);
        out[i] = (byte) ((sum + 6) / 13);
      }
    }
    return out;
  }

  private static int three(byte[] samples, int i) {
    return (samples[i - 3] & 0xff) + (samples[i] & 0xff) + (samples[i + 3] & 0xff);
  }

  private static RgbImage blend(byte[] poor, RgbImage image, double factor) {
    float share = (float) factor;
    byte[] in = image.samples();
    byte[] out = new byte[in.length];
    for (int i = 0; i < in.length; i++) {
      int from = poor[i] & 0xff;
      float value = from + share * ((in[i] & 0xff) - from);
      out[i] = (byte) Math.max(0, Math.min(255, (int) value));
    }
    return new RgbImage(image.width(), image.height(), out);
  }
}
