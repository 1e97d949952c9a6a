package io.github.condensenet4j.layers.arithmetic;

import java.util.Arrays;

/**
 * What happens to a row of features before a convolution: {@code a = d · f(z)} with {@code z = (x −
 * mean) · scale + bias}, all three by row, and {@code d} the dropout factor.
 *
 * <p>The mean is subtracted first, not folded into the bias: where it is large against the spread,
 * {@code scale · x} and {@code scale · mean} would cancel.
 *
 * @param mean subtracted from each row
 * @param scale factor of each row
 * @param bias added to each row
 * @param function the non-linearity {@code f}
 * @param dropout what is dropped, or null for nothing
 */
@SuppressWarnings("ArrayRecordComponent") // handed from step to step, never compared
public record Transform(
    double[] mean, double[] scale, double[] bias, Nonlinearity function, Dropout dropout) {

  /** Returns a transform of {@code rows} rows that applies {@code function} and nothing else. */
  public static Transform only(Nonlinearity function, int rows) {
    double[] ones = new double[rows];
    Arrays.fill(ones, 1);
    return new Transform(new double[rows], ones, new double[rows], function, null);
  }

  /** Returns this transform for the rows {@code rows[0], rows[1], …}. */
  public Transform select(int[] rows) {
    return new Transform(pick(mean, rows), pick(scale, rows), pick(bias, rows), function, dropout);
  }

  private static double[] pick(double[] values, int[] rows) {
    return Arrays.stream(rows).mapToDouble(row -> values[row]).toArray();
  }
}
