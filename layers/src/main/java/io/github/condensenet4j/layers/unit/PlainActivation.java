package io.github.condensenet4j.layers.unit;

import io.github.condensenet4j.layers.arithmetic.Extent;
import io.github.condensenet4j.layers.arithmetic.GradientTarget;
import io.github.condensenet4j.layers.arithmetic.Matrix;
import io.github.condensenet4j.layers.arithmetic.Nonlinearity;
import io.github.condensenet4j.layers.arithmetic.Transform;
import org.nd4j.autodiff.samediff.SDVariable;

/** A non-linearity alone, {@code y = f(x)}. */
public final class PlainActivation extends ParameterlessUnit {

  private final Nonlinearity function;

  private Matrix x;
  private Extent extent;

  /** Creates the unit for {@code channels} channels. */
  public PlainActivation(int channels, Nonlinearity function) {
    super(channels);
    this.function = function;
  }

  @Override
  public SDVariable define(Definition definition, SDVariable input) {
    return definition.apply(function, input);
  }

  @Override
  public Matrix forward(Pass pass, Matrix input, Extent inputExtent) {
    x = input;
    extent = inputExtent;
    Matrix y = pass.output(inChannels(), extent);
    pass.arithmetic().transform(x, Transform.only(function, inChannels()), y);
    return y;
  }

  @Override
  public Kept kept() {
    return Kept.INPUT;
  }

  @Override
  public void backward(Pass pass, Matrix dy, Matrix dx, boolean accumulate) {
    GradientTarget target = new GradientTarget(dx, null, accumulate);
    pass.arithmetic().transformBackward(x, Transform.only(function, inChannels()), dy, target);
    x = null;
  }
}
