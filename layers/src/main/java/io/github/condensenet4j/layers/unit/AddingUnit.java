package io.github.condensenet4j.layers.unit;

import io.github.condensenet4j.layers.arithmetic.Extent;
import io.github.condensenet4j.layers.arithmetic.Matrix;

/** A unit that can add what it makes to features that are there. */
public abstract class AddingUnit extends Unit {

  /** Computes the features of {@code x} into {@code y}, or adds them to it. */
  public abstract void forward(Pass pass, Matrix x, Extent extent, Matrix y, boolean accumulate);

  @Override
  public final Matrix forward(Pass pass, Matrix x, Extent extent) {
    Matrix y = pass.arithmetic().allocate(outChannels(), output(extent));
    forward(pass, x, extent, y, false);
    return y;
  }
}
