package io.github.condensenet4j.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Kernels#column}: the product with a single column.
 *
 * <p>Blocks are filled up with zeros and multiplied whole: a row alone would wait for each of its
 * sums.
 */
final class SimdColumn {

  private static final VectorSpecies<Float> SPECIES = SimdVectors.SPECIES;
  private static final int LANES = SimdVectors.LANES;

  private SimdColumn() {}

  /** Multiplies rows {@code fromRow} to {@code toRow}. */
  static void multiply(
      GroupWeights weights,
      int[] inputs,
      int fromRow,
      int toRow,
      float[] x,
      int xAt,
      float[] y,
      int yAt) {
    int wide = weights.blockRows();
    int part = 4 * LANES;
    for (int block = fromRow; block < toRow; block += wide) {
      int wAt = weights.indexOf(block);
      for (int row = block; row < Math.min(toRow, block + wide); row += part) {
        columnPart(weights, inputs, wAt + row - block, row, x, xAt, y, yAt + row);
      }
    }
  }

  /** The vector runs over rows: four vectors of sums, each weight used once. */
  private static void columnPart(
      GroupWeights weights, int[] in, int wAt, int row, float[] x, int xAt, float[] y, int yAt) {
    float[] w = weights.values();
    float[] bias = weights.bias();
    int step = weights.blockRows();
    int depth = weights.depth();
    FloatVector a0 = FloatVector.fromArray(SPECIES, bias, row);
    FloatVector a1 = FloatVector.fromArray(SPECIES, bias, row + LANES);
    FloatVector a2 = FloatVector.fromArray(SPECIES, bias, row + 2 * LANES);
    FloatVector a3 = FloatVector.fromArray(SPECIES, bias, row + 3 * LANES);
    for (int k = 0; k < depth; k++) {
      FloatVector value = FloatVector.broadcast(SPECIES, x[xAt + in[k]]);
      a0 = FloatVector.fromArray(SPECIES, w, wAt).fma(value, a0);
      a1 = FloatVector.fromArray(SPECIES, w, wAt + LANES).fma(value, a1);
      a2 = FloatVector.fromArray(SPECIES, w, wAt + 2 * LANES).fma(value, a2);
      a3 = FloatVector.fromArray(SPECIES, w, wAt + 3 * LANES).fma(value, a3);
      wAt += step;
    }
    a0.intoArray(y, yAt);
    a1.intoArray(y, yAt + LANES);
    a2.intoArray(y, yAt + 2 * LANES);
    a3.intoArray(y, yAt + 3 * LANES);
    SimdVectors.activate(weights.outputs(), y, yAt, 4 * LANES);
  }
}
