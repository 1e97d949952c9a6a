package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.layers.arithmetic.Matrix;

/**
 * A parameter or its gradient, {@code [rows][columns]} in C order.
 *
 * @param values holds the numbers
 * @param at where they start
 * @param rows outputs
 * @param columns weights of each output
 * @param mask the connections that are kept, or null if all are
 */
@SuppressWarnings("ArrayRecordComponent") // views of shared memory, never compared
record WeightMatrix(float[] values, int at, int rows, int columns, Mask mask) implements Matrix {

  static WeightMatrix of(Matrix matrix) {
    return (WeightMatrix) matrix;
  }

  int length() {
    return rows * columns;
  }

  @Override
  public Matrix slice(int first, int count) {
    return new WeightMatrix(values, at + first * columns, count, columns, null);
  }
}
