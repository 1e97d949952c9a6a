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
import jdk.incubator.vector.VectorOperators;

/** {@link TrainingKernels#activateBackward}: one row at a time. */
final class SimdGradients {

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
    for (int i = 0; i < pairs(columns); i += LANES) {
      // Before dx is written, which may be x.
      FloatVector centred = load(x, xAt + i).sub(m);
      FloatVector gradient = load(da, at(daAt, step, i));
      addTo(dx, dxAt + i, kept, a, gradient);
      sum = sum.add(gradient);
      products = gradient.fma(centred, products);
    }
    put(partial, partialAt, sum, products);
  }

  /** Written out for the reason that {@link SimdPacking} gives. */
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
    FloatVector m = FloatVector.broadcast(SPECIES, mean);
    FloatVector s = FloatVector.broadcast(SPECIES, scale);
    FloatVector b = FloatVector.broadcast(SPECIES, bias);
    FloatVector a = FloatVector.broadcast(SPECIES, factor);
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector sum = zero;
    FloatVector products = zero;
    for (int i = 0; i < pairs(columns); i += PAIR) {
      int from = at(daAt, step, i);
      FloatVector centred0 = FloatVector.fromArray(SPECIES, x, xAt + i).sub(m);
      FloatVector centred1 = FloatVector.fromArray(SPECIES, x, xAt + i + LANES).sub(m);
      FloatVector z0 = centred0.fma(s, b);
      FloatVector z1 = centred1.fma(s, b);
      FloatVector gradient0 =
          zero.blend(
              FloatVector.fromArray(SPECIES, da, from), z0.compare(VectorOperators.GT, zero));
      FloatVector gradient1 =
          zero.blend(
              FloatVector.fromArray(SPECIES, da, from + LANES),
              z1.compare(VectorOperators.GT, zero));
      FloatVector before0 = FloatVector.fromArray(SPECIES, dx, dxAt + i);
      FloatVector before1 = FloatVector.fromArray(SPECIES, dx, dxAt + i + LANES);
      gradient0
          .fma(a, before0.reinterpretAsInts().and(kept).reinterpretAsFloats())
          .intoArray(dx, dxAt + i);
      gradient1
          .fma(a, before1.reinterpretAsInts().and(kept).reinterpretAsFloats())
          .intoArray(dx, dxAt + i + LANES);
      sum = sum.add(gradient0).add(gradient1);
      products = gradient1.fma(centred1, gradient0.fma(centred0, products));
    }
    put(partial, partialAt, sum, products);
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
    FloatVector one = all(1);
    FloatVector third = all(1f / 3);
    FloatVector half = all(0.5f);
    FloatVector sum = zero;
    FloatVector products = zero;
    for (int i = 0; i < pairs(columns); i += LANES) {
      FloatVector centred = load(x, xAt + i).sub(m);
      FloatVector z = centred.fma(s, b);
      FloatVector slope =
          zero.blend(z.fma(third, half), z.compare(VectorOperators.GT, -3f))
              .blend(one, z.compare(VectorOperators.GE, 3f));
      FloatVector gradient = load(da, at(daAt, step, i)).mul(slope);
      addTo(dx, dxAt + i, kept, a, gradient);
      sum = sum.add(gradient);
      products = gradient.fma(centred, products);
    }
    put(partial, partialAt, sum, products);
  }
}
