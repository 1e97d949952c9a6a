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

  /** {@link TrainingKernels#addBlockBackward} of columns that are a multiple of two vectors. */
  static void backward(
      BlockProduct product,
      int block,
      float[] w,
      int weightsAt,
      float[] x,
      int xAt,
      float[][] rows,
      int[] rowsAt,
      int from,
      int columns,
      float[] dx,
      int dxAt,
      float[] dWeights,
      int dWeightsAt,
      float[] scratch) {
    int size = product.rows[block];
    int depth = product.depth[block];
    int[] inputs = product.inputs;
    int in = product.inputsAt[block];
    for (int r = 0; r < size; r++) {
      int output = product.outputs[product.outputsAt[block] + r];
      float[] dy = rows[output];
      int dyAt = rowsAt[output] + from;
      int ofWeight = product.weightsAt[block] + r;
      int k = 0;
      for (; k + 2 <= depth; k += 2, ofWeight += 2 * size) {
        int wAt = weightsAt + ofWeight;
        int first = inputs[in + k];
        int second = inputs[in + k + 1];
        backwardTwo(
            w[wAt],
            w[wAt + size],
            x,
            xAt + first,
            xAt + second,
            dy,
            dyAt,
            columns,
            dx,
            dxAt + first,
            dxAt + second,
            scratch);
        dWeights[dWeightsAt + ofWeight] += sum(scratch, 0);
        dWeights[dWeightsAt + ofWeight + size] += sum(scratch, LANES);
      }
      if (k < depth) {
        int input = inputs[in + k];
        float weight = w[weightsAt + ofWeight];
        backwardOne(weight, x, xAt + input, dy, dyAt, columns, dx, dxAt + input, scratch);
        dWeights[dWeightsAt + ofWeight] += sum(scratch, 0);
      }
    }
  }

  private static void backwardTwo(
      float w0,
      float w1,
      float[] x,
      int x0,
      int x1,
      float[] dy,
      int dyAt,
      int columns,
      float[] dx,
      int dx0,
      int dx1,
      float[] lanes) {
    FloatVector v0 = FloatVector.broadcast(SPECIES, w0);
    FloatVector v1 = FloatVector.broadcast(SPECIES, w1);
    FloatVector sum0 = FloatVector.zero(SPECIES);
    FloatVector sum1 = sum0;
    for (int i = 0; i < columns; i += LANES) {
      FloatVector gradient = FloatVector.fromArray(SPECIES, dy, dyAt + i);
      sum0 = FloatVector.fromArray(SPECIES, x, x0 + i).fma(gradient, sum0);
      sum1 = FloatVector.fromArray(SPECIES, x, x1 + i).fma(gradient, sum1);
      gradient.fma(v0, FloatVector.fromArray(SPECIES, dx, dx0 + i)).intoArray(dx, dx0 + i);
      gradient.fma(v1, FloatVector.fromArray(SPECIES, dx, dx1 + i)).intoArray(dx, dx1 + i);
    }
    sum0.intoArray(lanes, 0);
    sum1.intoArray(lanes, LANES);
  }

  private static void backwardOne(
      float w,
      float[] x,
      int xAt,
      float[] dy,
      int dyAt,
      int columns,
      float[] dx,
      int dxAt,
      float[] lanes) {
    FloatVector v = FloatVector.broadcast(SPECIES, w);
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int i = 0; i < columns; i += PAIR) {
      FloatVector left = FloatVector.fromArray(SPECIES, dy, dyAt + i);
      FloatVector right = FloatVector.fromArray(SPECIES, dy, dyAt + i + LANES);
      sum = FloatVector.fromArray(SPECIES, x, xAt + i).fma(left, sum);
      sum = FloatVector.fromArray(SPECIES, x, xAt + i + LANES).fma(right, sum);
      left.fma(v, FloatVector.fromArray(SPECIES, dx, dxAt + i)).intoArray(dx, dxAt + i);
      right
          .fma(v, FloatVector.fromArray(SPECIES, dx, dxAt + i + LANES))
          .intoArray(dx, dxAt + i + LANES);
    }
    sum.intoArray(lanes, 0);
  }

  /** {@link TrainingKernels#multiplyRow}. */
  static void multiplyRow(
      BlockProduct product,
      int block,
      int row,
      float[] w,
      int weightsAt,
      float[] x,
      int xAt,
      float[] z,
      int zAt,
      float[] y,
      int yAt,
      int columns,
      float[] dWeights,
      int dWeightsAt,
      float[] scratch) {
    int size = product.rows[block];
    int depth = product.depth[block];
    int[] inputs = product.inputs;
    int in = product.inputsAt[block];
    int ofWeight = product.weightsAt[block] + row;
    Arrays.fill(y, yAt, yAt + columns, 0);
    int k = 0;
    for (; k + 4 <= depth; k += 4, ofWeight += 4 * size) {
      int wAt = weightsAt + ofWeight;
      multiplyFour(
          w[wAt],
          w[wAt + size],
          w[wAt + 2 * size],
          w[wAt + 3 * size],
          x,
          xAt + inputs[in + k],
          xAt + inputs[in + k + 1],
          xAt + inputs[in + k + 2],
          xAt + inputs[in + k + 3],
          z,
          zAt,
          y,
          yAt,
          columns,
          scratch);
      for (int j = 0; j < 4; j++) {
        dWeights[dWeightsAt + ofWeight + j * size] += sum(scratch, j * LANES);
      }
    }
    for (; k < depth; k++, ofWeight += size) {
      float weight = w[weightsAt + ofWeight];
      multiplyOne(weight, x, xAt + inputs[in + k], z, zAt, y, yAt, columns, scratch);
      dWeights[dWeightsAt + ofWeight] += sum(scratch, 0);
    }
  }

  private static void multiplyFour(
      float w0,
      float w1,
      float w2,
      float w3,
      float[] x,
      int x0,
      int x1,
      int x2,
      int x3,
      float[] z,
      int zAt,
      float[] y,
      int yAt,
      int columns,
      float[] lanes) {
    FloatVector v0 = FloatVector.broadcast(SPECIES, w0);
    FloatVector v1 = FloatVector.broadcast(SPECIES, w1);
    FloatVector v2 = FloatVector.broadcast(SPECIES, w2);
    FloatVector v3 = FloatVector.broadcast(SPECIES, w3);
    FloatVector dot0 = FloatVector.zero(SPECIES);
    FloatVector dot1 = dot0;
    FloatVector dot2 = dot0;
    FloatVector dot3 = dot0;
    for (int i = 0; i < columns; i += LANES) {
      FloatVector factor = FloatVector.fromArray(SPECIES, z, zAt + i);
      FloatVector sum = FloatVector.fromArray(SPECIES, y, yAt + i);
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
      sum.intoArray(y, yAt + i);
    }
    dot0.intoArray(lanes, 0);
    dot1.intoArray(lanes, LANES);
    dot2.intoArray(lanes, 2 * LANES);
    dot3.intoArray(lanes, 3 * LANES);
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

  /** Adds the lanes of a vector up, always in the same order. */
  private static float sum(float[] lanes, int at) {
    for (int half = LANES / 2; half > 0; half /= 2) {
      for (int lane = at; lane < at + half; lane++) {
        lanes[lane] += lanes[lane + half];
      }
    }
    return lanes[at];
  }
}
