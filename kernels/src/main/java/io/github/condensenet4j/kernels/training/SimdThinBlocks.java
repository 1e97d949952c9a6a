package io.github.condensenet4j.kernels.training;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Blocks of a product whose outputs have few inputs each: output by output, up to four inputs at a
 * time along the whole row. There is too little to do for a tile's sums to be worth looking up its
 * rows again and again.
 */
final class SimdThinBlocks {

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();
  private static final int PAIR = 2 * LANES;

  private SimdThinBlocks() {}

  /** {@link TrainingKernels#addBlock} of {@code columns} columns, a multiple of two vectors. */
  static void add(
      BlockProduct product,
      int block,
      float[] w,
      int weightsAt,
      float[] x,
      int xAt,
      float[][] rows,
      int[] rowsAt,
      int from,
      int columns) {
    int size = product.rows[block];
    int depth = product.depth[block];
    int[] inputs = product.inputs;
    int in = product.inputsAt[block];
    for (int r = 0; r < size; r++) {
      int output = product.outputs[product.outputsAt[block] + r];
      float[] y = rows[output];
      int yAt = rowsAt[output] + from;
      int wAt = weightsAt + product.weightsAt[block] + r;
      int k = 0;
      for (; k + 4 <= depth; k += 4, wAt += 4 * size) {
        addFour(
            w[wAt],
            w[wAt + size],
            w[wAt + 2 * size],
            w[wAt + 3 * size],
            x,
            xAt + inputs[in + k],
            xAt + inputs[in + k + 1],
            xAt + inputs[in + k + 2],
            xAt + inputs[in + k + 3],
            y,
            yAt,
            columns);
      }
      if (k + 2 <= depth) {
        int x0 = xAt + inputs[in + k];
        addTwo(w[wAt], w[wAt + size], x, x0, xAt + inputs[in + k + 1], y, yAt, columns);
        k += 2;
        wAt += 2 * size;
      }
      if (k < depth) {
        addOne(w[wAt], x, xAt + inputs[in + k], y, yAt, columns);
      }
    }
  }

  private static void addFour(
      float w0,
      float w1,
      float w2,
      float w3,
      float[] x,
      int x0,
      int x1,
      int x2,
      int x3,
      float[] y,
      int yAt,
      int columns) {
    FloatVector v0 = FloatVector.broadcast(SPECIES, w0);
    FloatVector v1 = FloatVector.broadcast(SPECIES, w1);
    FloatVector v2 = FloatVector.broadcast(SPECIES, w2);
    FloatVector v3 = FloatVector.broadcast(SPECIES, w3);
    for (int i = 0; i < columns; i += LANES) {
      FloatVector sum = FloatVector.fromArray(SPECIES, y, yAt + i);
      sum = FloatVector.fromArray(SPECIES, x, x0 + i).fma(v0, sum);
      sum = FloatVector.fromArray(SPECIES, x, x1 + i).fma(v1, sum);
      sum = FloatVector.fromArray(SPECIES, x, x2 + i).fma(v2, sum);
      FloatVector.fromArray(SPECIES, x, x3 + i).fma(v3, sum).intoArray(y, yAt + i);
    }
  }

  private static void addTwo(
      float w0, float w1, float[] x, int x0, int x1, float[] y, int yAt, int columns) {
    FloatVector v0 = FloatVector.broadcast(SPECIES, w0);
    FloatVector v1 = FloatVector.broadcast(SPECIES, w1);
    for (int i = 0; i < columns; i += PAIR) {
      FloatVector left = FloatVector.fromArray(SPECIES, y, yAt + i);
      FloatVector right = FloatVector.fromArray(SPECIES, y, yAt + i + LANES);
      left = FloatVector.fromArray(SPECIES, x, x0 + i).fma(v0, left);
      right = FloatVector.fromArray(SPECIES, x, x0 + i + LANES).fma(v0, right);
      FloatVector.fromArray(SPECIES, x, x1 + i).fma(v1, left).intoArray(y, yAt + i);
      FloatVector.fromArray(SPECIES, x, x1 + i + LANES)
          .fma(v1, right)
          .intoArray(y, yAt + i + LANES);
    }
  }

  private static void addOne(float w, float[] x, int xAt, float[] y, int yAt, int columns) {
    FloatVector v = FloatVector.broadcast(SPECIES, w);
    for (int i = 0; i < columns; i += PAIR) {
      FloatVector left = FloatVector.fromArray(SPECIES, y, yAt + i);
      FloatVector right = FloatVector.fromArray(SPECIES, y, yAt + i + LANES);
      FloatVector.fromArray(SPECIES, x, xAt + i).fma(v, left).intoArray(y, yAt + i);
      FloatVector.fromArray(SPECIES, x, xAt + i + LANES)
          .fma(v, right)
          .intoArray(y, yAt + i + LANES);
    }
  }

  /** {@link TrainingKernels#multiplyBlock}, two rows at a time and what is left. */
  static void multiply(
      BlockProduct product,
      int block,
      float[] w,
      int weightsAt,
      float[] x,
      float[] z,
      float[] y,
      int[] rowsAt,
      int columns,
      float[] dWeights,
      float[] scratch) {
    int size = product.rows[block];
    int row = 0;
    for (; row + 2 <= size; row += 2) {
      multiplyTwoRows(
          product, block, row, w, weightsAt, x, z, y, rowsAt, columns, dWeights, scratch);
    }
    if (row < size) {
      multiplyOneRow(
          product, block, row, w, weightsAt, x, z, y, rowsAt[row], columns, dWeights, scratch);
    }
  }

  private static void multiplyTwoRows(
      BlockProduct product,
      int block,
      int row,
      float[] w,
      int weightsAt,
      float[] x,
      float[] z,
      float[] y,
      int[] rowsAt,
      int columns,
      float[] dWeights,
      float[] scratch) {
    int size = product.rows[block];
    int depth = product.depth[block];
    int[] inputs = product.inputs;
    int in = product.inputsAt[block];
    int ofWeight = product.weightsAt[block] + row;
    int left = rowsAt[row];
    int right = rowsAt[row + 1];
    Arrays.fill(y, left, left + columns, 0);
    Arrays.fill(y, right, right + columns, 0);
    int fours = depth & -4;
    for (int k = 0; k < fours; k += 8) {
      int count = Math.min(8, fours - k);
      int at = ofWeight + k * size;
      for (int j = 0; j < count; j += 4) {
        int wAt = weightsAt + at + j * size;
        int lanes = 2 * j * LANES;
        multiplyTwoByFour(
            w, wAt, size, x, inputs, in + k + j, z, y, left, right, columns, scratch, lanes);
      }
      SimdDots.collect(scratch, count, 2, dWeights, at, size);
    }
    for (int k = fours; k < depth; k++) {
      int at = ofWeight + k * size;
      int input = inputs[in + k];
      multiplyOne(w[weightsAt + at], x, input, z, left, y, left, columns, scratch);
      dWeights[at] += SimdDots.sum(scratch, 0);
      multiplyOne(w[weightsAt + at + 1], x, input, z, right, y, right, columns, scratch);
      dWeights[at + 1] += SimdDots.sum(scratch, 0);
    }
  }

  private static void multiplyOneRow(
      BlockProduct product,
      int block,
      int row,
      float[] w,
      int weightsAt,
      float[] x,
      float[] z,
      float[] y,
      int at,
      int columns,
      float[] dWeights,
      float[] scratch) {
    int size = product.rows[block];
    int depth = product.depth[block];
    int[] inputs = product.inputs;
    int in = product.inputsAt[block];
    int ofWeight = product.weightsAt[block] + row;
    Arrays.fill(y, at, at + columns, 0);
    int fours = depth & -4;
    for (int k = 0; k < fours; k += 16) {
      int count = Math.min(16, fours - k);
      int gradient = ofWeight + k * size;
      int j = 0;
      for (; j + 8 <= count; j += 8) {
        int wAt = weightsAt + gradient + j * size;
        multiplyEight(w, wAt, size, x, inputs, in + k + j, z, y, at, columns, scratch, j * LANES);
      }
      if (j < count) {
        int wAt = weightsAt + gradient + j * size;
        multiplyFour(w, wAt, size, x, inputs, in + k + j, z, y, at, columns, scratch, j * LANES);
      }
      SimdDots.collect(scratch, count, 1, dWeights, gradient, size);
    }
    for (int k = fours; k < depth; k++) {
      int gradient = ofWeight + k * size;
      float weight = w[weightsAt + gradient];
      multiplyOne(weight, x, inputs[in + k], z, at, y, at, columns, scratch);
      dWeights[gradient] += SimdDots.sum(scratch, 0);
    }
  }

  private static void multiplyTwoByFour(
      float[] w,
      int wAt,
      int wStep,
      float[] x,
      int[] inputs,
      int in,
      float[] z,
      float[] y,
      int left,
      int right,
      int columns,
      float[] lanes,
      int lanesAt) {
    int x0 = inputs[in];
    FloatVector v0 = FloatVector.broadcast(SPECIES, w[wAt]);
    FloatVector w0 = FloatVector.broadcast(SPECIES, w[wAt + 1]);
    int x1 = inputs[in + 1];
    FloatVector v1 = FloatVector.broadcast(SPECIES, w[wAt + wStep]);
    FloatVector w1 = FloatVector.broadcast(SPECIES, w[wAt + wStep + 1]);
    int x2 = inputs[in + 2];
    FloatVector v2 = FloatVector.broadcast(SPECIES, w[wAt + 2 * wStep]);
    FloatVector w2 = FloatVector.broadcast(SPECIES, w[wAt + 2 * wStep + 1]);
    int x3 = inputs[in + 3];
    FloatVector v3 = FloatVector.broadcast(SPECIES, w[wAt + 3 * wStep]);
    FloatVector w3 = FloatVector.broadcast(SPECIES, w[wAt + 3 * wStep + 1]);
    FloatVector dot00 = FloatVector.zero(SPECIES);
    FloatVector dot01 = dot00;
    FloatVector dot10 = dot00;
    FloatVector dot11 = dot00;
    FloatVector dot20 = dot00;
    FloatVector dot21 = dot00;
    FloatVector dot30 = dot00;
    FloatVector dot31 = dot00;
    for (int i = 0; i < columns; i += LANES) {
      FloatVector z0 = FloatVector.fromArray(SPECIES, z, left + i);
      FloatVector z1 = FloatVector.fromArray(SPECIES, z, right + i);
      FloatVector y0 = FloatVector.fromArray(SPECIES, y, left + i);
      FloatVector y1 = FloatVector.fromArray(SPECIES, y, right + i);
      FloatVector u0 = FloatVector.fromArray(SPECIES, x, x0 + i);
      y0 = u0.fma(v0, y0);
      y1 = u0.fma(w0, y1);
      dot00 = u0.fma(z0, dot00);
      dot01 = u0.fma(z1, dot01);
      FloatVector u1 = FloatVector.fromArray(SPECIES, x, x1 + i);
      y0 = u1.fma(v1, y0);
      y1 = u1.fma(w1, y1);
      dot10 = u1.fma(z0, dot10);
      dot11 = u1.fma(z1, dot11);
      FloatVector u2 = FloatVector.fromArray(SPECIES, x, x2 + i);
      y0 = u2.fma(v2, y0);
      y1 = u2.fma(w2, y1);
      dot20 = u2.fma(z0, dot20);
      dot21 = u2.fma(z1, dot21);
      FloatVector u3 = FloatVector.fromArray(SPECIES, x, x3 + i);
      y0 = u3.fma(v3, y0);
      y1 = u3.fma(w3, y1);
      dot30 = u3.fma(z0, dot30);
      dot31 = u3.fma(z1, dot31);
      y0.intoArray(y, left + i);
      y1.intoArray(y, right + i);
    }
    dot00.intoArray(lanes, lanesAt);
    dot01.intoArray(lanes, lanesAt + LANES);
    dot10.intoArray(lanes, lanesAt + 2 * LANES);
    dot11.intoArray(lanes, lanesAt + 3 * LANES);
    dot20.intoArray(lanes, lanesAt + 4 * LANES);
    dot21.intoArray(lanes, lanesAt + 5 * LANES);
    dot30.intoArray(lanes, lanesAt + 6 * LANES);
    dot31.intoArray(lanes, lanesAt + 7 * LANES);
  }

  private static void multiplyEight(
      float[] w,
      int wAt,
      int wStep,
      float[] x,
      int[] inputs,
      int in,
      float[] z,
      float[] y,
      int at,
      int columns,
      float[] lanes,
      int lanesAt) {
    int x0 = inputs[in];
    FloatVector v0 = FloatVector.broadcast(SPECIES, w[wAt]);
    int x1 = inputs[in + 1];
    FloatVector v1 = FloatVector.broadcast(SPECIES, w[wAt + wStep]);
    int x2 = inputs[in + 2];
    FloatVector v2 = FloatVector.broadcast(SPECIES, w[wAt + 2 * wStep]);
    int x3 = inputs[in + 3];
    FloatVector v3 = FloatVector.broadcast(SPECIES, w[wAt + 3 * wStep]);
    int x4 = inputs[in + 4];
    FloatVector v4 = FloatVector.broadcast(SPECIES, w[wAt + 4 * wStep]);
    int x5 = inputs[in + 5];
    FloatVector v5 = FloatVector.broadcast(SPECIES, w[wAt + 5 * wStep]);
    int x6 = inputs[in + 6];
    FloatVector v6 = FloatVector.broadcast(SPECIES, w[wAt + 6 * wStep]);
    int x7 = inputs[in + 7];
    FloatVector v7 = FloatVector.broadcast(SPECIES, w[wAt + 7 * wStep]);
    FloatVector dot0 = FloatVector.zero(SPECIES);
    FloatVector dot1 = dot0;
    FloatVector dot2 = dot0;
    FloatVector dot3 = dot0;
    FloatVector dot4 = dot0;
    FloatVector dot5 = dot0;
    FloatVector dot6 = dot0;
    FloatVector dot7 = dot0;
    for (int i = 0; i < columns; i += LANES) {
      FloatVector factor = FloatVector.fromArray(SPECIES, z, at + i);
      FloatVector sum = FloatVector.fromArray(SPECIES, y, at + i);
      FloatVector u0 = FloatVector.fromArray(SPECIES, x, x0 + i);
      sum = u0.fma(v0, sum);
      dot0 = u0.fma(factor, dot0);
      FloatVector u1 = FloatVector.fromArray(SPECIES, x, x1 + i);
      sum = u1.fma(v1, sum);
      dot1 = u1.fma(factor, dot1);
      FloatVector u2 = FloatVector.fromArray(SPECIES, x, x2 + i);
      sum = u2.fma(v2, sum);
      dot2 = u2.fma(factor, dot2);
      FloatVector u3 = FloatVector.fromArray(SPECIES, x, x3 + i);
      sum = u3.fma(v3, sum);
      dot3 = u3.fma(factor, dot3);
      FloatVector u4 = FloatVector.fromArray(SPECIES, x, x4 + i);
      sum = u4.fma(v4, sum);
      dot4 = u4.fma(factor, dot4);
      FloatVector u5 = FloatVector.fromArray(SPECIES, x, x5 + i);
      sum = u5.fma(v5, sum);
      dot5 = u5.fma(factor, dot5);
      FloatVector u6 = FloatVector.fromArray(SPECIES, x, x6 + i);
      sum = u6.fma(v6, sum);
      dot6 = u6.fma(factor, dot6);
      FloatVector u7 = FloatVector.fromArray(SPECIES, x, x7 + i);
      sum = u7.fma(v7, sum);
      dot7 = u7.fma(factor, dot7);
      sum.intoArray(y, at + i);
    }
    dot0.intoArray(lanes, lanesAt);
    dot1.intoArray(lanes, lanesAt + LANES);
    dot2.intoArray(lanes, lanesAt + 2 * LANES);
    dot3.intoArray(lanes, lanesAt + 3 * LANES);
    dot4.intoArray(lanes, lanesAt + 4 * LANES);
    dot5.intoArray(lanes, lanesAt + 5 * LANES);
    dot6.intoArray(lanes, lanesAt + 6 * LANES);
    dot7.intoArray(lanes, lanesAt + 7 * LANES);
  }

  private static void multiplyFour(
      float[] w,
      int wAt,
      int wStep,
      float[] x,
      int[] inputs,
      int in,
      float[] z,
      float[] y,
      int at,
      int columns,
      float[] lanes,
      int lanesAt) {
    int x0 = inputs[in];
    FloatVector v0 = FloatVector.broadcast(SPECIES, w[wAt]);
    int x1 = inputs[in + 1];
    FloatVector v1 = FloatVector.broadcast(SPECIES, w[wAt + wStep]);
    int x2 = inputs[in + 2];
    FloatVector v2 = FloatVector.broadcast(SPECIES, w[wAt + 2 * wStep]);
    int x3 = inputs[in + 3];
    FloatVector v3 = FloatVector.broadcast(SPECIES, w[wAt + 3 * wStep]);
    FloatVector dot0 = FloatVector.zero(SPECIES);
    FloatVector dot1 = dot0;
    FloatVector dot2 = dot0;
    FloatVector dot3 = dot0;
    for (int i = 0; i < columns; i += LANES) {
      FloatVector factor = FloatVector.fromArray(SPECIES, z, at + i);
      FloatVector sum = FloatVector.fromArray(SPECIES, y, at + i);
      FloatVector u0 = FloatVector.fromArray(SPECIES, x, x0 + i);
      sum = u0.fma(v0, sum);
      dot0 = u0.fma(factor, dot0);
      FloatVector u1 = FloatVector.fromArray(SPECIES, x, x1 + i);
      sum = u1.fma(v1, sum);
      dot1 = u1.fma(factor, dot1);
      FloatVector u2 = FloatVector.fromArray(SPECIES, x, x2 + i);
      sum = u2.fma(v2, sum);
      dot2 = u2.fma(factor, dot2);
      FloatVector u3 = FloatVector.fromArray(SPECIES, x, x3 + i);
      sum = u3.fma(v3, sum);
      dot3 = u3.fma(factor, dot3);
      sum.intoArray(y, at + i);
    }
    dot0.intoArray(lanes, lanesAt);
    dot1.intoArray(lanes, lanesAt + LANES);
    dot2.intoArray(lanes, lanesAt + 2 * LANES);
    dot3.intoArray(lanes, lanesAt + 3 * LANES);
  }

  private static void multiplyOne(
      float w,
      float[] x,
      int xAt,
      float[] z,
      int zAt,
      float[] y,
      int yAt,
      int columns,
      float[] lanes) {
    FloatVector v = FloatVector.broadcast(SPECIES, w);
    FloatVector dot = FloatVector.zero(SPECIES);
    for (int i = 0; i < columns; i += LANES) {
      FloatVector u = FloatVector.fromArray(SPECIES, x, xAt + i);
      u.fma(v, FloatVector.fromArray(SPECIES, y, yAt + i)).intoArray(y, yAt + i);
      dot = u.fma(FloatVector.fromArray(SPECIES, z, zAt + i), dot);
    }
    dot.intoArray(lanes, 0);
  }
}
