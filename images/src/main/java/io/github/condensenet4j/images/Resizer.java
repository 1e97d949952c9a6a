package io.github.condensenet4j.images;

import io.github.condensenet4j.core.preprocessing.Interpolation;
import java.util.Arrays;

/**
 * Resizes pictures with the arithmetic of Pillow, sample for sample.
 *
 * <p>Each output pixel is a weighted mean of the input pixels under a filter that is as wide as the
 * reduction asks for (so that nothing is skipped), first along rows, then along columns. Weights
 * are rounded to multiples of 2<sup>-22</sup>, and what lies between both passes to 8 bits.
 */
public final class Resizer {

  /** 32 bits, less 8 for the sample and 2 for weights that sum up to more than 1 in between. */
  private static final int WEIGHT_BITS = 32 - 8 - 2;

  private static final int HALF = 1 << (WEIGHT_BITS - 1);

  private Resizer() {}

  /** Returns {@code image} in {@code width} by {@code height} pixels. */
  public static RgbImage resize(
      RgbImage image, int width, int height, Interpolation interpolation) {
    return resizeAndCrop(image, width, height, interpolation, 0, 0, width, height);
  }

  /**
   * Returns a part of what {@link #resize} to {@code width} by {@code height} pixels gives, without
   * making the rest: {@code cropWidth} by {@code cropHeight} pixels from {@code left}, {@code top}
   * on.
   */
  static RgbImage resizeAndCrop(
      RgbImage image,
      int width,
      int height,
      Interpolation interpolation,
      int left,
      int top,
      int cropWidth,
      int cropHeight) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException("no picture has " + width + "x" + height + " pixels");
    }
    Weights columns = null;
    Weights rows = null;
    if (width != image.width()) {
      columns = Weights.of(image.width(), width, left, cropWidth, interpolation);
    }
    if (height != image.height()) {
      rows = Weights.of(image.height(), height, top, cropHeight, interpolation);
    }
    int firstRow = rows == null ? top : rows.firstInput();
    int inputRows = rows == null ? cropHeight : rows.endInput() - firstRow;
    if (columns == null && rows == null) {
      return image.crop(left, top, cropWidth, cropHeight);
    }
    // Whole numbers of one type: Java vectorises the sums over columns only then.
    int rowSamples = 3 * cropWidth;
    int[] narrowed = new int[rowSamples * inputRows];
    for (int y = 0; y < inputRows; y++) {
      if (columns == null) {
        unpack(image, left, firstRow + y, narrowed, y * rowSamples, rowSamples);
      } else {
        alongRow(image, firstRow + y, columns, narrowed, y * rowSamples);
      }
    }
    byte[] out = rows == null ? pack(narrowed) : alongColumns(narrowed, firstRow, rows, rowSamples);
    return new RgbImage(cropWidth, cropHeight, out);
  }

  private static void unpack(RgbImage image, int left, int y, int[] out, int to, int count) {
    byte[] in = image.samples();
    int from = 3 * (y * image.width() + left);
    for (int i = 0; i < count; i++) {
      out[to + i] = in[from + i] & 0xff;
    }
  }

  private static byte[] pack(int[] samples) {
    byte[] out = new byte[samples.length];
    for (int i = 0; i < samples.length; i++) {
      out[i] = (byte) samples[i];
    }
    return out;
  }

  /** Writes the samples of row {@code y}, narrowed, to {@code out} from {@code to} on. */
  private static void alongRow(RgbImage image, int y, Weights weights, int[] out, int to) {
    byte[] in = image.samples();
    int row = 3 * y * image.width();
    int taps = weights.taps();
    int at = to;
    for (int x = 0; x < weights.count(); x++) {
      int red = HALF;
      int green = HALF;
      int blue = HALF;
      int from = row + 3 * weights.first(x);
      int start = x * taps;
      int end = start + taps;
      int i = start;
      // Two at a time: a filter has few taps, and each turn of a loop costs.
      for (; i + 1 < end; i += 2, from += 6) {
        int weight = weights.at(i);
        int next = weights.at(i + 1);
        red += (in[from] & 0xff) * weight + (in[from + 3] & 0xff) * next;
        green += (in[from + 1] & 0xff) * weight + (in[from + 4] & 0xff) * next;
        blue += (in[from + 2] & 0xff) * weight + (in[from + 5] & 0xff) * next;
      }
      if (i < end) {
        red += (in[from] & 0xff) * weights.at(i);
        green += (in[from + 1] & 0xff) * weights.at(i);
        blue += (in[from + 2] & 0xff) * weights.at(i);
      }
      out[at++] = clip(red);
      out[at++] = clip(green);
      out[at++] = clip(blue);
    }
  }

  private static byte[] alongColumns(int[] in, int firstRow, Weights weights, int rowSamples) {
    byte[] out = new byte[rowSamples * weights.count()];
    int[] sums = new int[rowSamples];
    for (int y = 0; y < weights.count(); y++) {
      Arrays.fill(sums, HALF);
      int from = (weights.first(y) - firstRow) * rowSamples;
      for (int i = 0; i < weights.taps(); i++, from += rowSamples) {
        int weight = weights.at(y * weights.taps() + i);
        if (weight != 0) {
          addScaled(in, from, weight, sums);
        }
      }
      for (int x = 0; x < rowSamples; x++) {
        out[y * rowSamples + x] = (byte) clip(sums[x]);
      }
    }
    return out;
  }

  private static void addScaled(int[] in, int from, int weight, int[] sums) {
    for (int x = 0; x < sums.length; x++) {
      sums[x] += in[from + x] * weight;
    }
  }

  private static int clip(int sum) {
    return Math.max(0, Math.min(255, sum >> WEIGHT_BITS));
  }

  /**
   * The input pixels under the filter, and their weights, for a run of output pixels: for each
   * equally many, some of weight 0.
   */
  private static final class Weights {

    private final int inputs;
    private final int taps;
    private final int[] firsts;
    private final int[] weights;

    private Weights(int inputs, int count, int taps) {
      this.inputs = inputs;
      this.taps = taps;
      firsts = new int[count];
      weights = new int[Math.multiplyExact(count, taps)];
    }

    /** Computes the weights for outputs {@code first} to {@code first + count - 1}. */
    static Weights of(int inputs, int outputs, int first, int count, Interpolation interpolation) {
      double scale = (double) inputs / outputs;
      double reduction = Math.max(1, scale);
      double support = Filter.support(interpolation) * reduction;
      int most = 1;
      for (int i = 0; i < count; i++) {
        double centre = (first + i + 0.5) * scale;
        most = Math.max(most, end(inputs, centre, support) - from(centre, support));
      }
      Weights weights = new Weights(inputs, count, Math.min(inputs, most + most % 2));
      double[] exact = new double[most];
      for (int i = 0; i < count; i++) {
        double centre = (first + i + 0.5) * scale;
        int from = from(centre, support);
        int length = end(inputs, centre, support) - from;
        double sum = 0;
        for (int x = 0; x < length; x++) {
          exact[x] = Filter.weight(interpolation, (x + from - centre + 0.5) * (1 / reduction));
          sum += exact[x];
        }
        weights.put(i, from, exact, length, sum);
      }
      return weights;
    }

    private static int from(double centre, double support) {
      return Math.max(0, (int) (centre - support + 0.5));
    }

    private static int end(int inputs, double centre, double support) {
      return Math.min(inputs, (int) (centre + support + 0.5));
    }

    private void put(int output, int from, double[] exact, int length, double sum) {
      // The ones of weight 0 come after, but before at the end of the input.
      int first = Math.min(from, inputs - taps);
      firsts[output] = first;
      for (int x = 0; x < length; x++) {
        double share = sum == 0 ? exact[x] : exact[x] / sum;
        // Rounded half away from zero.
        weights[output * taps + from - first + x] =
            (int) (share * (1 << WEIGHT_BITS) + (share < 0 ? -0.5 : 0.5));
      }
    }

    int count() {
      return firsts.length;
    }

    /** Returns the number of input pixels for an output pixel. */
    int taps() {
      return taps;
    }

    /** Returns the first input pixel for {@code output}. */
    int first(int output) {
      return firsts[output];
    }

    /** Returns a weight; those of an output lie one after the other. */
    int at(int i) {
      return weights[i];
    }

    int firstInput() {
      return firsts[0];
    }

    int endInput() {
      return firsts[count() - 1] + taps;
    }
  }
}
