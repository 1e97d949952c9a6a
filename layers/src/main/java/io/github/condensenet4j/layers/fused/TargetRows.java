package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.layers.arithmetic.GradientTarget;

/**
 * A {@link GradientTarget} as kernels take many rows of it at once.
 *
 * @param rows where gradients go
 * @param factor what each row's gradient is multiplied by before
 * @param accumulates whether they are added to what is there
 */
@SuppressWarnings("ArrayRecordComponent") // a view, never compared
record TargetRows(RowArrays rows, float[] factor, boolean accumulates) {

  static TargetRows of(GradientTarget target) {
    FeatureMatrix dx = FeatureMatrix.of(target.dx());
    float[] factor = new float[dx.rows()];
    for (int r = 0; r < factor.length; r++) {
      factor[r] = target.factor(r);
    }
    return new TargetRows(RowArrays.of(dx), factor, target.accumulates());
  }
}
