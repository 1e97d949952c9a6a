package io.github.condensenet4j.layers.unit;

import io.github.condensenet4j.layers.arithmetic.Extent;
import io.github.condensenet4j.layers.arithmetic.Matrix;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Pooling2DConfig;

/** Means over squares of pixels that do not overlap. */
public final class AveragePool extends ParameterlessUnit {

  private final int size;

  private Extent extent;

  /** Creates the unit for {@code channels} channels and squares of {@code size} pixels a side. */
  public AveragePool(int channels, int size) {
    super(channels);
    this.size = size;
  }

  @Override
  public SDVariable define(Definition definition, SDVariable input) {
    Pooling2DConfig config =
        Pooling2DConfig.builder().kH(size).kW(size).sH(size).sW(size).isNHWC(false).build();
    return definition.sameDiff().cnn.avgPooling2d(input, config);
  }

  @Override
  public Extent output(Extent input) {
    return new Extent(input.images(), input.height() / size, input.width() / size);
  }

  @Override
  public Matrix forward(Pass pass, Matrix input, Extent inputExtent) {
    extent = inputExtent;
    Matrix means = pass.output(input.rows(), output(extent));
    pass.arithmetic().poolSquares(input, extent, size, means);
    return means;
  }

  @Override
  public Kept kept() {
    return Kept.NOTHING;
  }

  @Override
  public void backward(Pass pass, Matrix dy, Matrix dx, boolean accumulate) {
    if (accumulate) {
      Matrix shares = pass.arithmetic().allocate(dx.rows(), extent);
      pass.arithmetic().spreadOverSquares(dy, extent, size, shares);
      pass.arithmetic().add(shares, 1, dx);
    } else {
      pass.arithmetic().spreadOverSquares(dy, extent, size, dx);
    }
  }
}
