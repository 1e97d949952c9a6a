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
}
