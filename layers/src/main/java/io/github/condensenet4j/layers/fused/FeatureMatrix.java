package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.layers.arithmetic.Extent;
import io.github.condensenet4j.layers.arithmetic.Matrix;
import java.util.Arrays;

/**
 * Features or their gradients, {@code [C][N · H · W]}.
 *
 * @param channels the rows, which may belong to other matrices too
 * @param extent what the columns stand for
 */
@SuppressWarnings("ArrayRecordComponent") // views of shared memory, never compared
record FeatureMatrix(FeatureRow[] channels, Extent extent) implements Matrix {

  static FeatureMatrix of(Matrix matrix) {
    return (FeatureMatrix) matrix;
  }

  @Override
  public int rows() {
    return channels.length;
  }

  @Override
  public int columns() {
    return extent.columns();
  }

  @Override
  public Matrix slice(int first, int count) {
    return new FeatureMatrix(Arrays.copyOfRange(channels, first, first + count), extent);
  }
}
