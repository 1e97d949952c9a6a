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
    RgbImage narrowed =
        columns == null
            ? image.crop(left, firstRow, cropWidth, inputRows)
            : alongRows(image, firstRow, inputRows, columns);
    return rows == null ? narrowed : alongColumns(narrowed, firstRow, rows);
  }

  private static RgbImage alongRows(RgbImage image, int firstRow, int rows, Weights weights) {
    byte[] in = image.samples();
    int width = weights.count();
    byte[] out = new byte[3 * width * rows];
    int to = 0;
    for (int y = 0; y < rows; y++) {
      int row = 3 * (firstRow + y) * image.width();
      for (int x = 0; x < width; x++) {
        int red = HALF;
        int green = HALF;
        int blue = HALF;
        int from = row + 3 * weights.first(x);
        int end = weights.start(x) + weights.length(x);
        for (int i = weights.start(x); i < end; i++, from += 3) {
          int weight = weights.at(i);
          red += (in[from] & 0xff) * weight;
          green += (in[from + 1] & 0xff) * weight;
          blue += (in[from + 2] & 0xff) * weight;
        }
        out[to++] = clip(red);
        out[to++] = clip(green);
        out[to++] = clip(blue);
      }
    }
    return new RgbImage(width, rows, out);
  }

  private static RgbImage alongColumns(RgbImage image, int firstRow, Weights weights) {
    byte[] in = image.samples();
    int rowSamples = 3 * image.width();
    int height = weights.count();
    byte[] out = new byte[rowSamples * height];
    int[] sums = new int[rowSamples];
    for (int y = 0; y < height; y++) {
      Arrays.fill(sums, HALF);
      int end = weights.start(y) + weights.length(y);
      int row = (weights.first(y) - firstRow) * rowSamples;
      for (int i = weights.start(y); i < end; i++, row += rowSamples) {
        int weight = weights.at(i);
        for (int x = 0; x < rowSamples; x++) {
          sums[x] += (in[row + x] & 0xff) * weight;
        }
      }
      for (int x = 0; x < rowSamples; x++) {
        out[y * rowSamples + x] = clip(sums[x]);
      }
    }
    return new RgbImage(image.width(), height, out);
  }

  private static byte clip(int sum) {
    return (byte) Math.max(0, Math.min(255, sum >> WEIGHT_BITS));
  }

  /** The input pixels under the filter, and their weights, for a run of output pixels. */
  private static final class Weights {

    private final int[] firsts;
    private final int[] lengths;
    private final int[] weights;
    private final int slots;

    private Weights(int count, int slots) {
      firsts = new int[count];
      lengths = new int[count];
      weights = new int[Math.multiplyExact(count, slots)];
      this.slots = slots;
    }

    /** Computes the weights for outputs {@code first} to {@code first + count - 1}. */
    static Weights of(int inputs, int outputs, int first, int count, Interpolation interpolation) {
      double scale = (double) inputs / outputs;
      double reduction = Math.max(1, scale);
      double support = Filter.support(interpolation) * reduction;
      Weights weights = new Weights(count, (int) Math.ceil(support) * 2 + 1);
      double[] exact = new double[weights.slots];
      for (int i = 0; i < count; i++) {
        double centre = (first + i + 0.5) * scale;
        int from = Math.max(0, (int) (centre - support + 0.5));
        int end = Math.min(inputs, (int) (centre + support + 0.5));
        double sum = 0;
        for (int x = 0; x < end - from; x++) {
          exact[x] = Filter.weight(interpolation, (x + from - centre + 0.5) * (1 / reduction));
          sum += exact[x];
        }
        for (int x = 0; x < end - from; x++) {
          double share = sum == 0 ? exact[x] : exact[x] / sum;
          // Rounded half away from zero.
          weights.weights[i * weights.slots + x] =
              (int) (share * (1 << WEIGHT_BITS) + (share < 0 ? -0.5 : 0.5));
        }
        weights.firsts[i] = from;
        weights.lengths[i] = end - from;
      }
      return weights;
    }

    int count() {
      return firsts.length;
    }

    int first(int output) {
      return firsts[output];
    }

    int length(int output) {
      return lengths[output];
    }

    int start(int output) {
      return output * slots;
    }

    int at(int i) {
      return weights[i];
    }

    int firstInput() {
      return firsts[0];
    }

    int endInput() {
      return firsts[count() - 1] + lengths[count() - 1];
    }
  }
}
