package io.github.condensenet4j.kernels;

/**
 * What condensed networks compute, on rows of floats.
 *
 * <p>All implementations give the same bits for the same numbers, on every machine, however the
 * work is cut into ranges of rows and columns: each product is added with one rounding, in the
 * order of the inputs. They allocate nothing, keep no state and may be called from many threads, as
 * long as no two write the same floats. Rows may lie in one array as long as no output overlaps an
 * input.
 */
public interface Kernels {

  /** Returns what this is in a few words, {@code 512-bit SIMD}. */
  String description();

  /** Returns the floats of scratch that {@link #product} needs for {@code weights}. */
  int scratchLength(GroupWeights weights);

  /**
   * Multiplies matrices of weights with rows of columns.
   *
   * <p>For each output {@code m} of group {@code g} and each column {@code i}: {@code y[m][i] =
   * f(bias[m] + Σ_k w[m][k] · n(x[g, k][i])) · mask[i]}, with {@code n} and {@code f} as {@link
   * GroupWeights} says; or {@code y[m][i] += Σ_k w[m][k] · n(x[g, k][i])} if the product
   * accumulates. A 1×1 convolution has the pixels as columns; a 3×3 convolution too, and as inputs
   * each channel nine times, shifted by a row or a pixel.
   *
   * @param fromRow first output, counted over all groups; where a block of weights begins
   * @param toRow output after the last one; where a block begins, or the end
   * @param x holds the inputs
   * @param xAt where {@code x} starts
   * @param y holds the outputs
   * @param yAt where {@code y} starts
   * @param columns number of columns
   * @param mask one factor a column, or null for none; left out when accumulating
   * @param maskAt where {@code mask} starts
   * @param scratch at least {@link #scratchLength} floats, used by nobody else meanwhile
   */
  void product(
      GroupProduct product,
      int fromRow,
      int toRow,
      float[] x,
      int xAt,
      float[] y,
      int yAt,
      int columns,
      float[] mask,
      int maskAt,
      float[] scratch);

  /**
   * Multiplies one column: {@code y[m] = f(bias[m] + Σ_k w[m][k] · x[inputs[k]])}. The bits are
   * those of {@link #product}.
   *
   * @param weights {@linkplain GroupWeights#wide wide} weights without normalisation of inputs
   * @param inputs address of each input
   * @param fromRow first output, a multiple of the rows of a block
   * @param toRow output after the last one
   * @param y outputs, with room for {@link GroupWeights#storedRows}: what lies between {@code
   *     toRow} and the end of its block may be overwritten
   */
  void column(
      GroupWeights weights,
      int[] inputs,
      int fromRow,
      int toRow,
      float[] x,
      int xAt,
      float[] y,
      int yAt);

  /**
   * Averages rows: {@code y[r · yStep] = factor · Σ_i mask[i] · n(x[r · stride + i])} for {@code r}
   * from {@code fromRow} to {@code toRow}. Added up in sixteen sums of every sixteenth column, then
   * these in pairs, then the columns that are left.
   *
   * @param normalization {@code n}, or null for none
   * @param factor usually one over the number of columns that the mask lets pass
   */
  void means(
      Normalization normalization,
      int fromRow,
      int toRow,
      float[] x,
      int xAt,
      int stride,
      int columns,
      float[] mask,
      int maskAt,
      float factor,
      float[] y,
      int yAt,
      int yStep);

  /** Multiplies rows: {@code x[r · stride + i] *= factors[r]}. */
  void scale(float[] x, int xAt, int stride, int rows, int columns, float[] factors, int factorsAt);

  /**
   * Averages squares of four: {@code y[r][c] = (x[2r][2c] + x[2r][2c+1] + x[2r+1][2c] +
   * x[2r+1][2c+1]) / 4}. What lies between the rows of {@code y} may be overwritten.
   *
   * @param xPitch distance between two rows of {@code x}
   * @param yPitch distance between two rows of {@code y}
   * @param height rows of {@code y}
   * @param width columns of {@code y}
   */
  void average2x2(
      float[] x, int xAt, int xPitch, float[] y, int yAt, int yPitch, int height, int width);

  /**
   * Copies every {@code step}-th number: {@code y[i] = x[step · i]}.
   *
   * @param step at least 1
   * @param count how many
   * @return whether all of them are finite
   */
  boolean copyEvery(int step, float[] x, int xAt, float[] y, int yAt, int count);
}
