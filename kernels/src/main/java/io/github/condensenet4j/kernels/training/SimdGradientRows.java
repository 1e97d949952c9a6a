package io.github.condensenet4j.kernels.training;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link TrainingKernels#activateBackwardRows} for two rows side by side, which memory gives faster
 * than one after the other.
 */
final class SimdGradientRows {

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();
  private static final int PANEL = 4 * LANES;
  private static final int PANEL_BITS = Integer.numberOfTrailingZeros(PANEL);

  private SimdGradientRows() {}

  /** Rows before a rectifier, {@code columns} whole vectors of each. */
  static void relu(
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
          SimdTrainingKernels.passed(
              centred0.fma(s0, b0), FloatVector.fromArray(SPECIES, da, daAt0 + from));
      SimdTrainingKernels.addTo(y0, yAt0 + i, kept, a0, gradient0);
      sum0 = sum0.add(gradient0);
      products0 = gradient0.fma(centred0, products0);
      FloatVector centred1 = FloatVector.fromArray(SPECIES, x1, xAt1 + i).sub(m1);
      FloatVector gradient1 =
          SimdTrainingKernels.passed(
              centred1.fma(s1, b1), FloatVector.fromArray(SPECIES, da, daAt1 + from));
      SimdTrainingKernels.addTo(y1, yAt1 + i, kept, a1, gradient1);
      sum1 = sum1.add(gradient1);
      products1 = gradient1.fma(centred1, products1);
    }
    SimdTrainingKernels.put(partial, partialAt, sum0, products0);
    SimdTrainingKernels.put(partial, partialAt + 2 * TrainingKernels.PARTIAL, sum1, products1);
  }
}
