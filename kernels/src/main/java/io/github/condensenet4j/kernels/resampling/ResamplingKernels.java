package io.github.condensenet4j.kernels.resampling;

/**
 * Weighted means of the pixels of a picture, first along its rows, then along its columns.
 *
 * <p>A <em>pixel</em> is three bytes, red, green, blue, or one int, {@code red | green << 8 | blue
 * << 16}. A mean of samples {@code x} with weights {@code w} in multiples of 2^-22 is
 *
 * <pre>
 * clamp((Σ w_k · x_k + 2^21) >> 22, 0, 255)
 * </pre>
 *
 * <p>in 32-bit arithmetic, so all implementations give the same samples. They keep no state and may
 * be called from many threads.
 *
 * <p>Where pixels come from any place of a picture, means are {@link PixelSums} in single
 * precision.
 */
public interface ResamplingKernels {

  /** Ints that are to follow the last pixel of {@link #alongColumns}'s input and output. */
  int PADDING = 16;

  /** Returns what this is in a few words, {@code 512-bit SIMD}. */
  String description();

  /**
   * Replaces the pixels of each row by means of neighbours, in red, green and blue.
   *
   * @param in rows of pixels of three bytes
   * @param colour what the bytes mean
   * @param from where the first pixel of the first row lies
   * @param stride bytes from row to row
   * @param out takes {@code [rows][taps.outputs()]} pixels of one int
   */
  void alongRows(
      byte[] in, PixelColour colour, int from, int stride, int rows, Taps taps, int[] out);

  /**
   * Replaces rows by means of rows.
   *
   * @param in rows of {@code width} pixels of one int, the first of which is {@code
   *     taps.firstInput()}, and {@link #PADDING}
   * @param out takes {@code [taps.outputs()][width]} pixels of one int, and has {@link #PADDING}
   */
  void alongColumns(int[] in, int width, Taps taps, int[] out);

  /**
   * Adds pixels times weights to sums, {@code sum[i] += across[i] · down[i] · pixels[from + at[i]]}
   * in each channel, and notes where a pixel is not {@code centre[i]}.
   *
   * @param pixels pixels of one int
   * @param at as many places as there are sums
   */
  void addTap(
      int[] pixels, int from, int[] at, float[] across, float[] down, int[] centre, PixelSums sums);

  /**
   * Cuts sums off to whole numbers and clips them to 0 to 255; with a {@link PixelSums#DOUBTFUL}
   * pixel where exact arithmetic might have another result. Where all pixels of a sum were {@code
   * centre}, that is the result.
   *
   * @param out takes as many pixels of one int as there are sums
   */
  void toPixels(PixelSums sums, int[] centre, int[] out);

  /**
   * Writes {@code (sample / 255 - mean) / std} of a channel, each step rounded to float.
   *
   * @param pixels pixels of one int
   * @param shift bits below the channel's sample
   */
  void normalize(int[] pixels, int count, int shift, float mean, float std, float[] out, int to);
}
