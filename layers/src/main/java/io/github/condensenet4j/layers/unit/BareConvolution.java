package io.github.condensenet4j.layers.unit;

import io.github.condensenet4j.layers.arithmetic.Extent;
import io.github.condensenet4j.layers.arithmetic.GradientTarget;
import io.github.condensenet4j.layers.arithmetic.Matrix;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A convolution without bias, normalisation or non-linearity. */
public final class BareConvolution extends Unit {

  private final ConvolutionWeight convolution;

  private Matrix x;
  private Extent extent;

  /** Creates the unit with the weight {@code convolution}. */
  public BareConvolution(ConvolutionWeight convolution) {
    this.convolution = convolution;
  }

  @Override
  public List<Parameter> parameters() {
    return convolution.parameters();
  }

  @Override
  public void initialize(Map<String, INDArray> parameters, Map<String, IWeightInit> chosen) {
    convolution.initialize(parameters, chosen);
  }

  @Override
  public SDVariable define(Definition definition, SDVariable input) {
    return convolution.define(definition, input);
  }

  @Override
  public Extent output(Extent input) {
    return convolution.shape().output(input);
  }

  @Override
  public int inChannels() {
    return convolution.shape().inChannels();
  }

  @Override
  public int outChannels() {
    return convolution.shape().outChannels();
  }

  @Override
  public Matrix forward(Pass pass, Matrix input, Extent inputExtent) {
    x = input;
    extent = inputExtent;
    Matrix weight = convolution.read(pass);
    Matrix y = pass.output(outChannels(), output(extent));
    pass.arithmetic().convolve(convolution.shape(), extent, x, null, weight, null, y);
    return y;
  }

  @Override
  public Kept kept() {
    return Kept.INPUT;
  }

  @Override
  public boolean canOmitInputGradient() {
    return true;
  }

  @Override
  public void backward(Pass pass, Matrix dy, Matrix dx, boolean accumulate) {
    GradientTarget target = dx == null ? null : new GradientTarget(dx, null, accumulate);
    Matrix weight = convolution.read(pass);
    convolution.backward(pass, extent, x, null, weight, dy, target, null);
    x = null;
  }
}
