package io.github.condensenet4j.pipelines.augment;

import io.github.condensenet4j.core.preprocessing.Interpolation;
import io.github.condensenet4j.images.RgbImage;
import io.github.condensenet4j.kernels.resampling.PixelSums;
import io.github.condensenet4j.kernels.resampling.ResamplingKernels;
import java.util.Arrays;

/**
 * A row of pixels, each of which is interpolated between pixels at another place of a picture.
 *
 * <p>The reference computes in double precision and cuts off to whole samples. Here a row is
 * computed on vectors in single precision, and pixels of which a sample comes close to a whole
 * number a second time, as the reference does it.
 */
final class MovedRow {

  /** Pixels around the picture: copies of those at its edge, as far as any tap reaches. */
  private static final int MARGIN = 2;

  /** The picture with its margin. */
  private final int[] pixels;

  private final int stride;
  private final int width;
  private final int height;
  private final int taps;
  private final ResamplingKernels kernels;

  // Of each pixel of the row: the pixel before its place in the picture, and how far beyond it is.
  private final int[] places;
  private final double[] columnShares;
  private final double[] rowShares;
  private final boolean[] isLeftOut;

  private final PixelSums sums;
  private final int[] centre;
  private final int[] result;
  private final float[][] across;
  private final float[][] down;
  private final float[] ones;
  private boolean movesAcross;
  private boolean movesDown;

  /** Creates a row of pixels from {@code image}; its content is not defined yet. */
  MovedRow(RgbImage image, Interpolation interpolation, ResamplingKernels kernels) {
    this.kernels = kernels;
    width = image.width();
    height = image.height();
    stride = width + 2 * MARGIN;
    pixels = withMargin(image.pixels(), width, height);
    taps = interpolation == Interpolation.BILINEAR ? 2 : 4;
    int length = PixelSums.length(width);
    places = new int[length];
    columnShares = new double[length];
    rowShares = new double[length];
    isLeftOut = new boolean[length];
    sums = new PixelSums(width);
    centre = new int[length];
    result = new int[length];
    across = new float[taps][length];
    down = new float[taps][length];
    ones = new float[length];
    Arrays.fill(ones, 1);
    // Behind the row vectors read a pixel that there is, too.
    Arrays.fill(places, MARGIN * stride + MARGIN);
  }

  private static int[] withMargin(int[] pixels, int width, int height) {
    int stride = width + 2 * MARGIN;
    int[] wider = new int[stride * (height + 2 * MARGIN)];
    for (int row = 0; row < height + 2 * MARGIN; row++) {
      int from = Math.max(0, Math.min(height - 1, row - MARGIN)) * width;
      int to = row * stride;
      System.arraycopy(pixels, from, wider, to + MARGIN, width);
      Arrays.fill(wider, to, to + MARGIN, pixels[from]);
      Arrays.fill(wider, to + MARGIN + width, to + stride, pixels[from + width - 1]);
    }
    return wider;
  }

  /** Makes this the row {@code y} of what {@code map} makes of the picture. */
  void place(AffineMap map, int y) {
    double xOfRow = map.b() * (y + 0.5);
    double yOfRow = map.e() * (y + 0.5);
    double sharesAcross = 0;
    double sharesDown = 0;
    for (int x = 0; x < width; x++) {
      double fromX = map.a() * (x + 0.5) + xOfRow + map.c();
      double fromY = map.d() * (x + 0.5) + yOfRow + map.f();
      isLeftOut[x] = !(fromX >= 0 && fromX < width && fromY >= 0 && fromY < height);
      double left = isLeftOut[x] ? 0 : fromX - 0.5;
      double top = isLeftOut[x] ? 0 : fromY - 0.5;
      int column = (int) Math.floor(left);
      int row = (int) Math.floor(top);
      places[x] = (row + MARGIN) * stride + column + MARGIN;
      columnShares[x] = left - column;
      rowShares[x] = top - row;
      sharesAcross += columnShares[x];
      sharesDown += rowShares[x];
    }
    movesAcross = sharesAcross > 0;
    movesDown = sharesDown > 0;
  }

  /**
   * Writes the row to {@code out} from {@code to} on.
   *
   * @param fill what a pixel is that was left out
   */
  void interpolate(int fill, int[] out, int to) {
    // Shears and shifts move along one axis: along the other all weights are 0 but one.
    if (movesAcross) {
      setWeights(columnShares, across);
    }
    if (movesDown) {
      setWeights(rowShares, down);
    }
    for (int x = 0; x < centre.length; x++) {
      centre[x] = pixels[places[x]];
    }
    sums.clear();
    int before = taps / 2 - 1;
    for (int tapDown = 0; tapDown < taps; tapDown++) {
      if (movesDown || tapDown == before) {
        addRow((tapDown - before) * stride - before, movesDown ? down[tapDown] : ones);
      }
    }
    kernels.toPixels(sums, centre, result);
    for (int x = 0; x < width; x++) {
      int pixel = isLeftOut[x] ? fill : result[x];
      out[to + x] = (pixel & PixelSums.DOUBTFUL) == 0 ? pixel : exact(x);
    }
  }

  /** Adds the taps of a row, of which the first is {@code first} pixels from each place. */
  private void addRow(int first, float[] weights) {
    if (!movesAcross) {
      kernels.addTap(pixels, first + taps / 2 - 1, places, ones, weights, centre, sums);
      return;
    }
    for (int tap = 0; tap < taps; tap++) {
      kernels.addTap(pixels, first + tap, places, across[tap], weights, centre, sums);
    }
  }

  private static void setWeights(double[] shares, float[][] weights) {
    if (weights.length == 2) {
      for (int x = 0; x < shares.length; x++) {
        weights[0][x] = (float) (1 - shares[x]);
        weights[1][x] = (float) shares[x];
      }
      return;
    }
    float[] first = weights[0];
    float[] second = weights[1];
    float[] third = weights[2];
    float[] fourth = weights[3];
    for (int x = 0; x < shares.length; x++) {
      double s = shares[x];
      double square = s * s;
      double cube = square * s;
      first[x] = (float) (2 * square - s - cube);
      second[x] = (float) (1 - 2 * square + cube);
      third[x] = (float) (s + square - cube);
      fourth[x] = (float) (cube - square);
    }
  }

  /** Computes pixel {@code x} in double precision. */
  private int exact(int x) {
    int pixel = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
      double value = taps == 2 ? bilinear(x, shift) : bicubic(x, shift);
      pixel |= Math.max(0, Math.min(255, (int) value)) << shift;
    }
    return pixel;
  }

  private double bilinear(int x, int shift) {
    double above = between(x, 0, shift);
    double below = between(x, 1, shift);
    return above + (below - above) * rowShares[x];
  }

  private double between(int x, int below, int shift) {
    int left = sample(x, 0, below, shift);
    return left + (sample(x, 1, below, shift) - left) * columnShares[x];
  }

  private double bicubic(int x, int shift) {
    double[] values = new double[taps];
    for (int below = 0; below < taps; below++) {
      values[below] =
          cubic(
              sample(x, -1, below - 1, shift),
              sample(x, 0, below - 1, shift),
              sample(x, 1, below - 1, shift),
              sample(x, 2, below - 1, shift),
              columnShares[x]);
    }
    return cubic(values[0], values[1], values[2], values[3], rowShares[x]);
  }

  private int sample(int x, int right, int below, int shift) {
    return (pixels[places[x] + below * stride + right] >> shift) & 0xff;
  }

  /** Cubic convolution (Keys, 1981) with {@code a = -1}, in the order of Pillow's additions. */
  private static double cubic(double v1, double v2, double v3, double v4, double share) {
    double linear = -v1 + v3;
    double square = 2 * (v1 - v2) + v3 - v4;
    double cube = -v1 + v2 - v3 + v4;
    return v2 + share * (linear + share * (square + share * cube));
  }
}
