package io.github.condensenet4j.kernels.resampling;

import java.util.Arrays;

/**
 * Weighted sums of pixels of one int, in single precision, for a row of pixels at a time.
 *
 * <p>A weighted mean of bytes that is computed in double precision and cut off can be had in single
 * precision, but where it is next to a whole number. Where all pixels of a mean are the same, it is
 * that pixel.
 */
public final class PixelSums {

  /** Is set in pixels that are to be computed in double precision. */
  public static final int DOUBTFUL = 1 << 24;

  /**
   * How far from a whole number a sum may be and yet be doubtful: sixteen terms of up to 2.3 times
   * 255 are good to a few 1e-4.
   */
  static final float DOUBT = 0.002f;

  final float[] red;
  final float[] green;
  final float[] blue;

  /** Bits in which pixels of a sum differ. */
  final int[] differences;

  /** The pixels of a tap, in between. */
  final int[] tap;

  /** The weights of a tap, in between. */
  final float[] weights;

  /** Creates sums for rows of {@code width} pixels. */
  public PixelSums(int width) {
    int length = length(width);
    red = new float[length];
    green = new float[length];
    blue = new float[length];
    differences = new int[length];
    tap = new int[length];
    weights = new float[length];
  }

  /** Returns how many sums there are for {@code width} pixels: whole vectors. */
  public static int length(int width) {
    int whole = ResamplingKernels.PADDING;
    return (width + whole - 1) / whole * whole;
  }

  /** Makes all sums 0. */
  public void clear() {
    Arrays.fill(red, 0);
    Arrays.fill(green, 0);
    Arrays.fill(blue, 0);
    Arrays.fill(differences, 0);
  }
}
