package io.github.condensenet4j.layers.unit;

import io.github.condensenet4j.layers.arithmetic.Extent;
import io.github.condensenet4j.layers.arithmetic.Matrix;

/** A unit that can add what it makes to features that are there. */
public abstract class AddingUnit extends Unit {

  /**
   * Computes the features of {@code x}, added to {@code base}, into {@code y}.
   *
   * @param base what they are added to, or null for nothing; may be {@code y} itself
   */
  public abstract void forward(Pass pass, Matrix x, Extent extent, Matrix base, Matrix y);

  /**
   * Does what {@link #backward(Pass, Matrix, Matrix, boolean)} does, and takes what the last
   * forward pass added to {@code sum} off it, so that it becomes what {@code base} was, to
   * rounding.
   *
   * @param sum the features that {@code dy} is the gradient for, or null to leave them as they are
   */
  public abstract void backward(Pass pass, Matrix dy, Matrix dx, boolean accumulate, Matrix sum);

  @Override
  public final void backward(Pass pass, Matrix dy, Matrix dx, boolean accumulate) {
    backward(pass, dy, dx, accumulate, null);
  }

  @Override
  public final Matrix forward(Pass pass, Matrix x, Extent extent) {
    Matrix y = pass.arithmetic().allocate(outChannels(), output(extent));
    forward(pass, x, extent, null, y);
    return y;
  }
}
