package io.github.condensenet4j.layers.unit;

import io.github.condensenet4j.layers.arithmetic.Extent;
import io.github.condensenet4j.layers.arithmetic.Matrix;
import org.nd4j.autodiff.samediff.SDVariable;

/** Channels in another order. */
public final class Shuffle extends ParameterlessUnit {

  private final ChannelOrder order;

  private Extent extent;

  /** Creates the unit that puts {@code channels} channels into {@code order}. */
  public Shuffle(int channels, ChannelOrder order) {
    super(channels);
    this.order = order;
  }

  @Override
  public SDVariable define(Definition definition, SDVariable input) {
    return order.define(definition, input);
  }

  @Override
  public Matrix forward(Pass pass, Matrix input, Extent inputExtent) {
    extent = inputExtent;
    return order.of(pass.arithmetic(), input, extent);
  }

  @Override
  public Kept kept() {
    return Kept.NOTHING;
  }

  @Override
  public void backward(Pass pass, Matrix dy, Matrix dx, boolean accumulate) {
    Matrix original = order.inverse().of(pass.arithmetic(), dy, extent);
    if (accumulate) {
      pass.arithmetic().add(original, 1, dx);
    } else {
      pass.arithmetic().copy(original, dx);
    }
  }
}
