package io.github.condensenet4j.kernels.training;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link TrainingKernels#addBlockBackward}, output by output, two inputs at a time along the whole
 * row: what a row owes, taking its sum off again and both gradients are one pass over it.
 */
final class SimdThinGradients {

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  private SimdThinGradients() {}

  /** Does it for columns that are a multiple of two vectors. */
  static void backward(
      BlockProduct product,
      int block,
      float[] w,
      int weightsAt,
      float[] x,
      CentredRows owed,
      float[][] dy,
      int[] dyAt,
      float[][] sums,
      int[] sumsAt,
      int from,
      int columns,
      float[] dx,
      float[] dWeights,
      float[] scratch) {
    int size = product.rows[block];
    int depth = product.depth[block];
    int[] inputs = product.inputs;
    int in = product.inputsAt[block];
    for (int r = 0; r < size; r++) {
      int row = product.outputs[product.outputsAt[block] + r];
      float[] ofRow = dy[row];
      int at = dyAt[row] + from;
      float[] centred = owed.x()[row];
      int centredAt = owed.xAt()[row] + from;
      float mean = owed.mean()[row];
      float b = owed.b()[row];
      float c = owed.c()[row];
      // Writing numbers as they are costs as much as any.
      boolean owes = b != 0 || c != 0;
      float[] sum = sums == null ? null : sums[row];
      int sumAt = sums == null ? 0 : sumsAt[row] + from;
      int to = product.weightsAt[block] + r;
      for (int k = 0; k < depth; k += 2, to += 2 * size) {
        float w0 = w[weightsAt + to];
        int x0 = inputs[in + k];
        if (k + 1 < depth) {
          float w1 = w[weightsAt + to + size];
          int x1 = inputs[in + k + 1];
          if (sum == null) {
            two(w0, w1, x, x0, x1, centred, centredAt, mean, b, c, ofRow, at, columns, dx, scratch);
          } else {
            takeTwo(
                w0, w1, x, x0, x1, centred, centredAt, mean, b, c, owes, ofRow, at, sum, sumAt,
                columns, dx, scratch);
          }
          dWeights[to] += SimdDots.sum(scratch, 0);
          dWeights[to + size] += SimdDots.sum(scratch, LANES);
        } else {
          if (sum == null) {
            one(w0, x, x0, centred, centredAt, mean, b, c, ofRow, at, columns, dx, scratch);
          } else {
            takeOne(
                w0, x, x0, centred, centredAt, mean, b, c, owes, ofRow, at, sum, sumAt, columns, dx,
                scratch);
          }
          dWeights[to] += SimdDots.sum(scratch, 0);
        }
        if (sum != null) {
          // Written with the first inputs.
          b = 0;
          c = 0;
          owes = false;
        }
      }
    }
  }

  private static void takeTwo(
      float w0,
      float w1,
      float[] x,
      int x0,
      int x1,
      float[] centred,
      int centredAt,
      float mean,
      float b,
      float c,
      boolean owes,
      float[] dy,
      int dyAt,
      float[] sum,
      int sumAt,
      int columns,
      float[] dx,
      float[] lanes) {
    FloatVector v0 = FloatVector.broadcast(SPECIES, w0);
    FloatVector v1 = FloatVector.broadcast(SPECIES, w1);
    FloatVector off0 = FloatVector.broadcast(SPECIES, -w0);
    FloatVector off1 = FloatVector.broadcast(SPECIES, -w1);
    FloatVector middle = FloatVector.broadcast(SPECIES, mean);
    FloatVector slope = FloatVector.broadcast(SPECIES, b);
    FloatVector shift = FloatVector.broadcast(SPECIES, c);
    FloatVector dot0 = FloatVector.zero(SPECIES);
    FloatVector dot1 = dot0;
    for (int i = 0; i < columns; i += LANES) {
      FloatVector term =
          FloatVector.fromArray(SPECIES, centred, centredAt + i).sub(middle).fma(slope, shift);
      FloatVector gradient = FloatVector.fromArray(SPECIES, dy, dyAt + i).add(term);
      if (owes) {
        gradient.intoArray(dy, dyAt + i);
      }
      FloatVector input0 = FloatVector.fromArray(SPECIES, x, x0 + i);
      FloatVector input1 = FloatVector.fromArray(SPECIES, x, x1 + i);
      FloatVector left = input0.fma(off0, FloatVector.fromArray(SPECIES, sum, sumAt + i));
      input1.fma(off1, left).intoArray(sum, sumAt + i);
      dot0 = input0.fma(gradient, dot0);
      dot1 = input1.fma(gradient, dot1);
      gradient.fma(v0, FloatVector.fromArray(SPECIES, dx, x0 + i)).intoArray(dx, x0 + i);
      gradient.fma(v1, FloatVector.fromArray(SPECIES, dx, x1 + i)).intoArray(dx, x1 + i);
    }
    dot0.intoArray(lanes, 0);
    dot1.intoArray(lanes, LANES);
  }

  private static void takeOne(
      float w,
      float[] x,
      int x0,
      float[] centred,
      int centredAt,
      float mean,
      float b,
      float c,
      boolean owes,
      float[] dy,
      int dyAt,
      float[] sum,
      int sumAt,
      int columns,
      float[] dx,
      float[] lanes) {
    FloatVector v = FloatVector.broadcast(SPECIES, w);
    FloatVector off = FloatVector.broadcast(SPECIES, -w);
    FloatVector middle = FloatVector.broadcast(SPECIES, mean);
    FloatVector slope = FloatVector.broadcast(SPECIES, b);
    FloatVector shift = FloatVector.broadcast(SPECIES, c);
    FloatVector dot = FloatVector.zero(SPECIES);
    for (int i = 0; i < columns; i += 2 * LANES) {
      int j = i + LANES;
      FloatVector left =
          FloatVector.fromArray(SPECIES, centred, centredAt + i).sub(middle).fma(slope, shift);
      FloatVector right =
          FloatVector.fromArray(SPECIES, centred, centredAt + j).sub(middle).fma(slope, shift);
      left = FloatVector.fromArray(SPECIES, dy, dyAt + i).add(left);
      right = FloatVector.fromArray(SPECIES, dy, dyAt + j).add(right);
      if (owes) {
        left.intoArray(dy, dyAt + i);
        right.intoArray(dy, dyAt + j);
      }
      FloatVector input0 = FloatVector.fromArray(SPECIES, x, x0 + i);
      FloatVector input1 = FloatVector.fromArray(SPECIES, x, x0 + j);
      input0.fma(off, FloatVector.fromArray(SPECIES, sum, sumAt + i)).intoArray(sum, sumAt + i);
      input1.fma(off, FloatVector.fromArray(SPECIES, sum, sumAt + j)).intoArray(sum, sumAt + j);
      dot = input0.fma(left, dot);
      dot = input1.fma(right, dot);
      left.fma(v, FloatVector.fromArray(SPECIES, dx, x0 + i)).intoArray(dx, x0 + i);
      right.fma(v, FloatVector.fromArray(SPECIES, dx, x0 + j)).intoArray(dx, x0 + j);
    }
    dot.intoArray(lanes, 0);
  }

  private static void two(
      float w0,
      float w1,
      float[] x,
      int x0,
      int x1,
      float[] centred,
      int centredAt,
      float mean,
      float b,
      float c,
      float[] dy,
      int dyAt,
      int columns,
      float[] dx,
      float[] lanes) {
    FloatVector v0 = FloatVector.broadcast(SPECIES, w0);
    FloatVector v1 = FloatVector.broadcast(SPECIES, w1);
    FloatVector middle = FloatVector.broadcast(SPECIES, mean);
    FloatVector slope = FloatVector.broadcast(SPECIES, b);
    FloatVector shift = FloatVector.broadcast(SPECIES, c);
    FloatVector dot0 = FloatVector.zero(SPECIES);
    FloatVector dot1 = dot0;
    for (int i = 0; i < columns; i += 2 * LANES) {
      int j = i + LANES;
      FloatVector left =
          FloatVector.fromArray(SPECIES, centred, centredAt + i).sub(middle).fma(slope, shift);
      FloatVector right =
          FloatVector.fromArray(SPECIES, centred, centredAt + j).sub(middle).fma(slope, shift);
      left = FloatVector.fromArray(SPECIES, dy, dyAt + i).add(left);
      right = FloatVector.fromArray(SPECIES, dy, dyAt + j).add(right);
      dot0 = FloatVector.fromArray(SPECIES, x, x0 + i).fma(left, dot0);
      dot0 = FloatVector.fromArray(SPECIES, x, x0 + j).fma(right, dot0);
      dot1 = FloatVector.fromArray(SPECIES, x, x1 + i).fma(left, dot1);
      dot1 = FloatVector.fromArray(SPECIES, x, x1 + j).fma(right, dot1);
      left.fma(v0, FloatVector.fromArray(SPECIES, dx, x0 + i)).intoArray(dx, x0 + i);
      right.fma(v0, FloatVector.fromArray(SPECIES, dx, x0 + j)).intoArray(dx, x0 + j);
      left.fma(v1, FloatVector.fromArray(SPECIES, dx, x1 + i)).intoArray(dx, x1 + i);
      right.fma(v1, FloatVector.fromArray(SPECIES, dx, x1 + j)).intoArray(dx, x1 + j);
    }
    dot0.intoArray(lanes, 0);
    dot1.intoArray(lanes, LANES);
  }

  private static void one(
      float w,
      float[] x,
      int x0,
      float[] centred,
      int centredAt,
      float mean,
      float b,
      float c,
      float[] dy,
      int dyAt,
      int columns,
      float[] dx,
      float[] lanes) {
    FloatVector v = FloatVector.broadcast(SPECIES, w);
    FloatVector middle = FloatVector.broadcast(SPECIES, mean);
    FloatVector slope = FloatVector.broadcast(SPECIES, b);
    FloatVector shift = FloatVector.broadcast(SPECIES, c);
    FloatVector dot = FloatVector.zero(SPECIES);
    for (int i = 0; i < columns; i += 2 * LANES) {
      int j = i + LANES;
      FloatVector left =
          FloatVector.fromArray(SPECIES, centred, centredAt + i).sub(middle).fma(slope, shift);
      FloatVector right =
          FloatVector.fromArray(SPECIES, centred, centredAt + j).sub(middle).fma(slope, shift);
      left = FloatVector.fromArray(SPECIES, dy, dyAt + i).add(left);
      right = FloatVector.fromArray(SPECIES, dy, dyAt + j).add(right);
      dot = FloatVector.fromArray(SPECIES, x, x0 + i).fma(left, dot);
      dot = FloatVector.fromArray(SPECIES, x, x0 + j).fma(right, dot);
      left.fma(v, FloatVector.fromArray(SPECIES, dx, x0 + i)).intoArray(dx, x0 + i);
      right.fma(v, FloatVector.fromArray(SPECIES, dx, x0 + j)).intoArray(dx, x0 + j);
    }
    dot.intoArray(lanes, 0);
  }
}
