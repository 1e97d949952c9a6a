package io.github.condensenet4j.layers.unit;

import io.github.condensenet4j.layers.arithmetic.Extent;
import io.github.condensenet4j.layers.arithmetic.GradientTarget;
import io.github.condensenet4j.layers.arithmetic.Matrix;
import io.github.condensenet4j.layers.arithmetic.Nonlinearity;
import io.github.condensenet4j.layers.arithmetic.Transform;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Normalisation and a non-linearity, {@code y = f(norm(x))}. */
public final class NormalizedActivation extends SameWidthUnit {

  private final Nonlinearity function;
  private final Normalization normalization;

  private Matrix x;
  private Extent extent;
  private Transform transform;

  /** Creates the unit for {@code channels} channels. */
  public NormalizedActivation(int channels, Nonlinearity function) {
    super(channels);
    this.function = function;
    normalization = new Normalization("norm.", channels);
  }

  @Override
  public List<Parameter> parameters() {
    return normalization.parameters();
  }

  @Override
  public void initialize(Map<String, INDArray> parameters, Map<String, IWeightInit> chosen) {
    normalization.initialize(parameters);
  }

  @Override
  public SDVariable define(Definition definition, SDVariable input) {
    return definition.apply(function, normalization.define(definition, input));
  }

  @Override
  public Matrix forward(Pass pass, Matrix input, Extent inputExtent) {
    x = input;
    extent = inputExtent;
    transform = normalization.forward(pass, x, function, 0);
    Matrix y = pass.output(inChannels(), extent);
    pass.arithmetic().transform(x, transform, y);
    return y;
  }

  @Override
  public Kept kept() {
    return Kept.INPUT;
  }

  @Override
  public void backward(Pass pass, Matrix dy, Matrix dx, boolean accumulate) {
    GradientTarget target = new GradientTarget(dx, transform.scale(), accumulate);
    double[][] sums = pass.arithmetic().transformBackward(x, transform, dy, target);
    normalization.backward(pass, sums, x, dx);
    x = null;
  }
}
