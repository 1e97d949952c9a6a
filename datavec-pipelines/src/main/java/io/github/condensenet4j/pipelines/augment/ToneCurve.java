package io.github.condensenet4j.pipelines.augment;

import io.github.condensenet4j.images.RgbImage;
import java.util.function.IntUnaryOperator;

/** Operations that give each sample a new value by a table, for all channels or for each. */
final class ToneCurve {

  private static final int VALUES = 256;

  private ToneCurve() {}

  static RgbImage autoContrast(RgbImage image) {
    return perChannel(image, ToneCurve::stretched);
  }

  static RgbImage equalize(RgbImage image) {
    return perChannel(image, ToneCurve::flattened);
  }

  static RgbImage invert(RgbImage image) {
    return map(image, value -> 255 - value);
  }

  static RgbImage posterize(RgbImage image, int bits) {
    checkRange("bits", bits, 8);
    int mask = -(1 << (8 - bits));
    return map(image, value -> value & mask);
  }

  static RgbImage solarize(RgbImage image, int from) {
    checkRange("threshold", from, VALUES);
    return map(image, value -> value < from ? value : 255 - value);
  }

  static RgbImage solarizeAdd(RgbImage image, int add) {
    checkRange("addend", add, 255);
    return map(image, value -> value < 128 ? Math.min(255, value + add) : value);
  }

  private static void checkRange(String name, int value, int max) {
    if (value < 0 || value > max) {
      throw new IllegalArgumentException(name + " of " + value + ", 0 to " + max + " expected");
    }
  }

  private static byte[] stretched(int[] histogram) {
    int low = 0;
    while (low < 255 && histogram[low] == 0) {
      low++;
    }
    int high = 255;
    while (high > 0 && histogram[high] == 0) {
      high--;
    }
    if (high <= low) {
      return table(IntUnaryOperator.identity());
    }
    double scale = 255.0 / (high - low);
    double offset = -low * scale;
    return table(value -> clip((int) (value * scale + offset)));
  }

  private static byte[] flattened(int[] histogram) {
    int total = 0;
    int last = 0;
    for (int count : histogram) {
      total += count;
      last = count == 0 ? last : count;
    }
    // A channel of one value has a step of 0 too.
    int step = (total - last) / 255;
    if (step == 0) {
      return table(IntUnaryOperator.identity());
    }
    byte[] table = new byte[VALUES];
    int below = step / 2;
    for (int value = 0; value < VALUES; value++) {
      table[value] = (byte) clip(below / step);
      below += histogram[value];
    }
    return table;
  }

  private static int clip(int value) {
    return Math.max(0, Math.min(255, value));
  }

  private static byte[] table(IntUnaryOperator curve) {
    byte[] table = new byte[VALUES];
    for (int value = 0; value < VALUES; value++) {
      table[value] = (byte) curve.applyAsInt(value);
    }
    return table;
  }

  /** Returns {@code image} with what {@code curve} makes of each sample, 0 to 255. */
  static RgbImage map(RgbImage image, IntUnaryOperator curve) {
    byte[] table = table(curve);
    return map(image, table, table, table);
  }

  private static RgbImage perChannel(RgbImage image, Curve curve) {
    int[][] histograms = new int[3][VALUES];
    byte[] samples = image.samples();
    for (int i = 0; i < samples.length; i += 3) {
      histograms[0][samples[i] & 0xff]++;
      histograms[1][samples[i + 1] & 0xff]++;
      histograms[2][samples[i + 2] & 0xff]++;
    }
    return map(
        image, curve.table(histograms[0]), curve.table(histograms[1]), curve.table(histograms[2]));
  }

  private static RgbImage map(RgbImage image, byte[] red, byte[] green, byte[] blue) {
    byte[] in = image.samples();
    byte[] out = new byte[in.length];
    for (int i = 0; i < in.length; i += 3) {
      out[i] = red[in[i] & 0xff];
      out[i + 1] = green[in[i + 1] & 0xff];
      out[i + 2] = blue[in[i + 2] & 0xff];
    }
    return new RgbImage(image.width(), image.height(), out);
  }

  /** The table that a channel of some histogram gets. */
  private interface Curve {
    byte[] table(int[] histogram);
  }
}
