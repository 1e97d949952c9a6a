package io.github.condensenet4j.kernels.training;

import static io.github.condensenet4j.kernels.training.SimdColumns.LANES;
import static io.github.condensenet4j.kernels.training.SimdColumns.PAIR;
import static io.github.condensenet4j.kernels.training.SimdColumns.SPECIES;
import static io.github.condensenet4j.kernels.training.SimdColumns.all;
import static io.github.condensenet4j.kernels.training.SimdColumns.at;
import static io.github.condensenet4j.kernels.training.SimdColumns.load;
import static io.github.condensenet4j.kernels.training.SimdColumns.pairs;
import static io.github.condensenet4j.kernels.training.SimdColumns.put;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** {@link TrainingKernels#activateBackward}: one row at a time. */
final class SimdGradients {

  private static final float SIXTH = 1f / 6;

  private SimdGradients() {}

  /** {@link TrainingKernels#activateBackward}. */
  static void activateBackward(
      Activation f,
      float mean,
      float scale,
      float bias,
      float[] x,
      int xAt,
      float[] da,
      int daAt,
      int step,
      float factor,
      boolean adds,
      float[] dx,
      int dxAt,
      int columns,
      float[] partial,
      int partialAt) {
    // A mask instead of a second loop: what is written has to come into the cache anyway.
    int kept = adds ? -1 : 0;
    switch (f) {
      case IDENTITY ->
          identityBackward(
              mean, x, xAt, da, daAt, step, factor, kept, dx, dxAt, columns, partial, partialAt);
      case RELU ->
          reluBackward(
              mean, scale, bias, x, xAt, da, daAt, step, factor, kept, dx, dxAt, columns, partial,
              partialAt);
      case HARD_SWISH ->
          hardSwishBackward(
              mean, scale, bias, x, xAt, da, daAt, step, factor, kept, dx, dxAt, columns, partial,
              partialAt);
    }
    backwardTail(
        f,
        mean,
        scale,
        bias,
        x,
        xAt,
        da,
        daAt,
        step,
        factor,
        adds,
        dx,
        dxAt,
        pairs(columns),
        columns,
        partial,
        partialAt);
  }

  /**
   * What {@link #activateBackward} does, from a column on; its sums are added to {@code partial}.
   */
  static void backwardTail(
      Activation f,
      float mean,
      float scale,
      float bias,
      float[] x,
      int xAt,
      float[] da,
      int daAt,
      int step,
      float factor,
      boolean adds,
      float[] dx,
      int dxAt,
      int from,
      int columns,
      float[] partial,
      int partialAt) {
    for (int i = from; i < columns; i++) {
      float centred = x[xAt + i] - mean;
      float gradient = da[at(daAt, step, i)] * f.derivative(centred * scale + bias);
      dx[dxAt + i] = (adds ? dx[dxAt + i] : 0) + factor * gradient;
      partial[partialAt] += gradient;
      partial[partialAt + TrainingKernels.PARTIAL] += gradient * centred;
    }
  }

  /** {@code dx = (dx & kept) + factor · gradient}. */
  static void addTo(float[] dx, int at, int kept, FloatVector factor, FloatVector gradient) {
    FloatVector before = load(dx, at).reinterpretAsInts().and(kept).reinterpretAsFloats();
    gradient.fma(factor, before).intoArray(dx, at);
  }

  private static void identityBackward(
      float mean,
      float[] x,
      int xAt,
      float[] da,
      int daAt,
      int step,
      float factor,
      int kept,
      float[] dx,
      int dxAt,
      int columns,
      float[] partial,
      int partialAt) {
    FloatVector m = all(mean);
    FloatVector a = all(factor);
    FloatVector sum = FloatVector.zero(SPECIES);
    FloatVector products = sum;
    for (int i = 0; i < pairs(columns); i += PAIR) {
      int from = at(daAt, step, i);
      FloatVector left = load(da, from);
      FloatVector right = load(da, from + LANES);
      addTo(dx, dxAt + i, kept, a, left);
      addTo(dx, dxAt + i + LANES, kept, a, right);
      sum = sum.add(left).add(right);
      products = left.fma(load(x, xAt + i).sub(m), products);
      products = right.fma(load(x, xAt + i + LANES).sub(m), products);
    }
    put(partial, partialAt, sum, products);
  }

  private static void reluBackward(
      float mean,
      float scale,
      float bias,
      float[] x,
      int xAt,
      float[] da,
      int daAt,
      int step,
      float factor,
      int kept,
      float[] dx,
      int dxAt,
      int columns,
      float[] partial,
      int partialAt) {
    FloatVector m = all(mean);
    FloatVector s = all(scale);
    FloatVector b = all(bias);
    FloatVector a = all(factor);
    FloatVector sum = FloatVector.zero(SPECIES);
    FloatVector products = sum;
    for (int i = 0; i < pairs(columns); i += PAIR) {
      int from = at(daAt, step, i);
      FloatVector centredLeft = load(x, xAt + i).sub(m);
      FloatVector centredRight = load(x, xAt + i + LANES).sub(m);
      FloatVector left = passed(centredLeft.fma(s, b), load(da, from));
      FloatVector right = passed(centredRight.fma(s, b), load(da, from + LANES));
      addTo(dx, dxAt + i, kept, a, left);
      addTo(dx, dxAt + i + LANES, kept, a, right);
      sum = sum.add(left).add(right);
      products = right.fma(centredRight, left.fma(centredLeft, products));
    }
    put(partial, partialAt, sum, products);
  }

  /** Returns {@code gradient} where {@code z} is positive, else 0. */
  static FloatVector passed(FloatVector z, FloatVector gradient) {
    FloatVector zero = FloatVector.zero(SPECIES);
    return zero.blend(gradient, z.compare(VectorOperators.GT, zero));
  }

  private static void hardSwishBackward(
      float mean,
      float scale,
      float bias,
      float[] x,
      int xAt,
      float[] da,
      int daAt,
      int step,
      float factor,
      int kept,
      float[] dx,
      int dxAt,
      int columns,
      float[] partial,
      int partialAt) {
    FloatVector m = all(mean);
    FloatVector s = all(scale);
    FloatVector b = all(bias);
    FloatVector a = all(factor);
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector sixth = all(SIXTH);
    FloatVector sum = zero;
    FloatVector products = zero;
    for (int i = 0; i < pairs(columns); i += LANES) {
      FloatVector centred = load(x, xAt + i).sub(m);
      FloatVector z = centred.fma(s, b);
      FloatVector shifted = z.add(3f);
      FloatVector clipped = SimdPacking.relu6(shifted);
      // Inside (0, 6) clipping changes nothing; at 6 it changes nothing either, but there the
      // second term does not count.
      VectorMask<Float> inside =
          shifted
              .compare(VectorOperators.EQ, clipped)
              .and(clipped.compare(VectorOperators.LT, 6f))
              .and(clipped.compare(VectorOperators.GT, 0f));
      FloatVector slope = clipped.blend(clipped.add(z), inside).mul(sixth);
      FloatVector gradient = load(da, at(daAt, step, i)).mul(slope);
      addTo(dx, dxAt + i, kept, a, gradient);
      sum = sum.add(gradient);
      products = gradient.fma(centred, products);
    }
    put(partial, partialAt, sum, products);
  }
}
