package io.github.condensenet4j.layers.arithmetic;

/**
 * Where the gradient {@code dz} of normalised numbers goes: {@code dx[r] = (accumulates ? dx[r] :
 * 0) + factor[r] · dz[r]} by row.
 *
 * @param dx takes the gradient
 * @param factor what each row is multiplied by, or null for 1
 * @param accumulates whether the gradient is added to what is there
 */
@SuppressWarnings("ArrayRecordComponent") // handed from step to step, never compared
public record GradientTarget(Matrix dx, double[] factor, boolean accumulates) {

  /** Returns the target that is replaced by the gradient as it is. */
  public static GradientTarget of(Matrix dx) {
    return new GradientTarget(dx, null, false);
  }

  /** Returns what row {@code r} is multiplied by. */
  public float factor(int r) {
    return factor == null ? 1 : (float) factor[r];
  }
}
