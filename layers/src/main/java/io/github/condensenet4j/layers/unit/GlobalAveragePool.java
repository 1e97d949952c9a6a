package io.github.condensenet4j.layers.unit;

import io.github.condensenet4j.layers.arithmetic.Arithmetic;
import io.github.condensenet4j.layers.arithmetic.Extent;
import io.github.condensenet4j.layers.arithmetic.Matrix;
import org.nd4j.autodiff.samediff.SDVariable;

/** The mean over all pixels of each channel of each image. */
public final class GlobalAveragePool extends ParameterlessUnit {

  private Extent extent;

  /** Creates the unit for {@code channels} channels. */
  public GlobalAveragePool(int channels) {
    super(channels);
  }

  /**
   * Leaves an image of one pixel: squeeze-and-excitation, which may follow, is written for images.
   */
  @Override
  public SDVariable define(Definition definition, SDVariable input) {
    return input.mean(true, 2, 3);
  }

  @Override
  public Extent output(Extent input) {
    return new Extent(input.images(), 1, 1);
  }

  @Override
  public boolean flattens() {
    return true;
  }

  @Override
  public Matrix forward(Pass pass, Matrix input, Extent inputExtent) {
    extent = inputExtent;
    return pass.arithmetic().pool(input, extent);
  }

  @Override
  public Kept kept() {
    return Kept.NOTHING;
  }

  @Override
  public void backward(Pass pass, Matrix dy, Matrix dx, boolean accumulate) {
    Arithmetic arithmetic = pass.arithmetic();
    if (!accumulate) {
      arithmetic.clear(dx);
    }
    arithmetic.addToImages(dy, 1.0 / extent.pixels(), extent, dx);
  }
}
