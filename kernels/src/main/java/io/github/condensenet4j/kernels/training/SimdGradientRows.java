package io.github.condensenet4j.kernels.training;

import static io.github.condensenet4j.kernels.training.SimdColumns.LANES;
import static io.github.condensenet4j.kernels.training.SimdColumns.PANEL;
import static io.github.condensenet4j.kernels.training.SimdColumns.PANEL_BITS;
import static io.github.condensenet4j.kernels.training.SimdColumns.SPECIES;
import static io.github.condensenet4j.kernels.training.SimdColumns.put;
import static io.github.condensenet4j.kernels.training.SimdColumns.whole;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link TrainingKernels#activateBackwardRows} for two rows side by side, which memory gives faster
 * than one after the other.
 */
final class SimdGradientRows {

  private SimdGradientRows() {}

  /** {@link TrainingKernels#activateBackwardRows}. */
  static void activateBackward(
      Activation f,
      float[] mean,
      float[] scale,
      float[] bias,
      float[][] x,
      int[] xAt,
      int[] numbers,
      int first,
      float[] da,
      int[] daAt,
      int step,
      float[] factor,
      boolean adds,
      float[][] dx,
      int[] dxAt,
      int columns,
      float[] partial) {
    int kept = adds ? -1 : 0;
    int whole = whole(columns);
    int n = 0;
    for (; f == Activation.RELU && n + 2 <= numbers.length; n += 2) {
      relu(
          mean,
          scale,
          bias,
          x,
          xAt,
          numbers[n],
          numbers[n + 1],
          first,
          da,
          daAt[n],
          daAt[n + 1],
          step,
          factor,
          kept,
          dx,
          dxAt,
          whole,
          partial,
          2 * TrainingKernels.PARTIAL * n);
      for (int j = n; whole < columns && j < n + 2; j++) {
        int row = numbers[j];
        SimdGradients.backwardTail(
            f,
            mean[row],
            scale[row],
            bias[row],
            x[row],
            xAt[row] + first,
            da,
            daAt[j],
            step,
            factor[row],
            adds,
            dx[row],
            dxAt[row] + first,
            whole,
            columns,
            partial,
            2 * TrainingKernels.PARTIAL * j);
      }
    }
    for (; n < numbers.length; n++) {
      int row = numbers[n];
      SimdGradients.activateBackward(
          f,
          mean[row],
          scale[row],
          bias[row],
          x[row],
          xAt[row] + first,
          da,
          daAt[n],
          step,
          factor[row],
          adds,
          dx[row],
          dxAt[row] + first,
          columns,
          partial,
          2 * TrainingKernels.PARTIAL * n);
    }
  }

  /** Rows before a rectifier, {@code columns} whole vectors of each. */
  private static void relu(
      float[] mean,
      float[] scale,
      float[] bias,
      float[][] x,
      int[] xAt,
      int row0,
      int row1,
      int first,
      float[] da,
      int daAt0,
      int daAt1,
      int step,
      float[] factor,
      int kept,
      float[][] dx,
      int[] dxAt,
      int columns,
      float[] partial,
      int partialAt) {
    FloatVector m0 = FloatVector.broadcast(SPECIES, mean[row0]);
    FloatVector m1 = FloatVector.broadcast(SPECIES, mean[row1]);
    FloatVector s0 = FloatVector.broadcast(SPECIES, scale[row0]);
    FloatVector s1 = FloatVector.broadcast(SPECIES, scale[row1]);
    FloatVector b0 = FloatVector.broadcast(SPECIES, bias[row0]);
    FloatVector b1 = FloatVector.broadcast(SPECIES, bias[row1]);
    FloatVector a0 = FloatVector.broadcast(SPECIES, factor[row0]);
    FloatVector a1 = FloatVector.broadcast(SPECIES, factor[row1]);
    float[] x0 = x[row0];
    float[] x1 = x[row1];
    float[] y0 = dx[row0];
    float[] y1 = dx[row1];
    int xAt0 = xAt[row0] + first;
    int xAt1 = xAt[row1] + first;
    int yAt0 = dxAt[row0] + first;
    int yAt1 = dxAt[row1] + first;
    FloatVector sum0 = FloatVector.zero(SPECIES);
    FloatVector sum1 = sum0;
    FloatVector products0 = sum0;
    FloatVector products1 = sum0;
    for (int i = 0; i < columns; i += LANES) {
      int from = (i >> PANEL_BITS) * step + (i & (PANEL - 1));
      FloatVector centred0 = FloatVector.fromArray(SPECIES, x0, xAt0 + i).sub(m0);
      FloatVector gradient0 =
          passed(centred0.fma(s0, b0), FloatVector.fromArray(SPECIES, da, daAt0 + from));
      SimdGradients.addTo(y0, yAt0 + i, kept, a0, gradient0);
      sum0 = sum0.add(gradient0);
      products0 = gradient0.fma(centred0, products0);
      FloatVector centred1 = FloatVector.fromArray(SPECIES, x1, xAt1 + i).sub(m1);
      FloatVector gradient1 =
          passed(centred1.fma(s1, b1), FloatVector.fromArray(SPECIES, da, daAt1 + from));
      SimdGradients.addTo(y1, yAt1 + i, kept, a1, gradient1);
      sum1 = sum1.add(gradient1);
      products1 = gradient1.fma(centred1, products1);
    }
    put(partial, partialAt, sum0, products0);
    put(partial, partialAt + 2 * TrainingKernels.PARTIAL, sum1, products1);
  }

  /** Returns {@code gradient} where {@code z} is positive, else 0. */
  private static FloatVector passed(FloatVector z, FloatVector gradient) {
    FloatVector zero = FloatVector.zero(SPECIES);
    return zero.blend(gradient, z.compare(VectorOperators.GT, zero));
  }
}
