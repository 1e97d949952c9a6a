package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.layers.arithmetic.Matrix;
import java.util.Arrays;

/** A parameter or its gradient, {@code [rows][columns]} in C order. */
final class WeightMatrix implements Matrix {

  private final float[] values;
  private final int at;
  private final int rows;
  private final int columns;
  private final Mask mask;
  private boolean isBlank;

  /**
   * Creates a view.
   *
   * @param memory holds the numbers
   * @param rows outputs
   * @param columns weights of each output
   * @param mask the connections that are kept, or null if all are
   */
  WeightMatrix(FeatureRow memory, int rows, int columns, Mask mask) {
    this(memory.array, memory.at, rows, columns, mask);
  }

  private WeightMatrix(float[] values, int at, int rows, int columns, Mask mask) {
    this.values = values;
    this.at = at;
    this.rows = rows;
    this.columns = columns;
    this.mask = mask;
  }

  /** Makes all numbers zeros, which are written when somebody asks for them, and returns this. */
  WeightMatrix blank() {
    isBlank = true;
    return this;
  }

  static WeightMatrix of(Matrix matrix) {
    return (WeightMatrix) matrix;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return columns;
  }

  int length() {
    return rows * columns;
  }

  /** Returns what holds the numbers. */
  float[] values() {
    if (isBlank) {
      Arrays.fill(values, at, at + length(), 0);
      isBlank = false;
    }
    return values;
  }

  /** Returns where the numbers start. */
  int at() {
    return at;
  }

  /** Returns the connections that are kept, or null if all are. */
  Mask mask() {
    return mask;
  }

  /** Tells whether the numbers are zeros that nobody has written yet. */
  boolean isBlank() {
    return isBlank;
  }

  /** Returns what holds the numbers to somebody who is going to write all of them. */
  float[] overwritten() {
    isBlank = false;
    return values;
  }

  @Override
  public Matrix slice(int first, int count) {
    return new WeightMatrix(values(), at + first * columns, count, columns, null);
  }
}
