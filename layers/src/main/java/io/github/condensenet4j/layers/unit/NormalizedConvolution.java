package io.github.condensenet4j.layers.unit;

import io.github.condensenet4j.layers.arithmetic.Arithmetic;
import io.github.condensenet4j.layers.arithmetic.Extent;
import io.github.condensenet4j.layers.arithmetic.GradientTarget;
import io.github.condensenet4j.layers.arithmetic.Matrix;
import io.github.condensenet4j.layers.arithmetic.Nonlinearity;
import io.github.condensenet4j.layers.arithmetic.Transform;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Normalisation, non-linearity, dropout and a convolution without bias, {@code y = weight ∗ d ·
 * f(norm(x))} (the official {@code Conv}).
 *
 * <p>Parameters: those of the normalisation below {@code norm.}, and {@code conv.weight [out, in /
 * groups, kernel, kernel]}, Kaiming normal by fan-out.
 */
public final class NormalizedConvolution extends AddingUnit {

  private final ConvolutionWeight convolution;
  private final Normalization normalization;
  private final Nonlinearity function;
  private final double dropRate;
  private final ChannelOrder order;

  private Matrix x;
  private Matrix ordered;
  private Extent extent;
  private Transform transform;
  private Matrix weight;

  /**
   * Creates the unit.
   *
   * @param prefix beginning of the parameters' names
   * @param convolution the convolution's weight
   * @param function non-linearity before the convolution
   * @param dropRate share of the inputs of the convolution that training drops, 0 to below 1
   * @param order order in which the convolution sees the normalised channels
   */
  public NormalizedConvolution(
      String prefix,
      ConvolutionWeight convolution,
      Nonlinearity function,
      double dropRate,
      ChannelOrder order) {
    this.convolution = convolution;
    this.function = function;
    this.dropRate = dropRate;
    this.order = order;
    normalization = new Normalization(prefix + "norm.", convolution.shape().inChannels());
  }

  @Override
  public List<Parameter> parameters() {
    List<Parameter> parameters = new ArrayList<>(normalization.parameters());
    parameters.addAll(convolution.parameters());
    return parameters;
  }

  @Override
  public void initialize(Map<String, INDArray> parameters, Map<String, IWeightInit> chosen) {
    normalization.initialize(parameters);
    convolution.initialize(parameters, chosen);
  }

  @Override
  public SDVariable define(Definition definition, SDVariable input) {
    SDVariable activated = definition.apply(function, normalization.define(definition, input));
    return convolution.define(definition, order.define(definition, activated));
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
  public List<LearnedWeight> learnedWeights() {
    return convolution.learned();
  }

  @Override
  public void forward(Pass pass, Matrix input, Extent inputExtent, Matrix base, Matrix y) {
    Arithmetic arithmetic = pass.arithmetic();
    x = input;
    extent = inputExtent;
    transform = order.of(normalization.forward(pass, x, function, dropRate));
    ordered = order.of(arithmetic, x, extent);
    weight = convolution.read(pass);
    arithmetic.convolve(convolution.shape(), extent, ordered, transform, weight, base, y);
  }

  @Override
  public void recall(Pass pass, Matrix again) {
    x = again;
    ordered = order.of(pass.arithmetic(), x, extent);
  }

  /** Returns the input of the last forward pass. */
  Matrix input() {
    return x;
  }

  @Override
  public boolean remakesOutput(Pass pass) {
    return pass.arithmetic().remakesOutput(convolution.shape(), weight);
  }

  /**
   * {@inheritDoc}
   *
   * @param dx may be the input where the unit that has made it {@linkplain #remakesOutput makes it
   *     again}
   */
  @Override
  public void backward(Pass pass, Matrix dy, Matrix dx, boolean accumulate, Matrix sum) {
    double[] factor = transform.scale();
    double[][] sums;
    if (order == ChannelOrder.UNCHANGED) {
      GradientTarget target = new GradientTarget(dx, factor, accumulate);
      sums = convolution.backward(pass, extent, x, transform, weight, dy, target, sum);
    } else {
      sums = backwardInOrder(pass, dy, dx, factor, accumulate, sum);
    }
    normalization.backward(pass, sums, x, dx);
    x = null;
    ordered = null;
    weight = null;
  }

  private double[][] backwardInOrder(
      Pass pass, Matrix dy, Matrix dx, double[] factor, boolean accumulate, Matrix sum) {
    Arithmetic arithmetic = pass.arithmetic();
    int mark = arithmetic.mark();
    Matrix dz = arithmetic.allocate(x.rows(), extent);
    GradientTarget target = new GradientTarget(dz, factor, false);
    double[][] sums =
        convolution.backward(pass, extent, ordered, transform, weight, dy, target, sum);
    ChannelOrder back = order.inverse();
    Matrix asBefore = back.of(arithmetic, dz, extent);
    if (accumulate) {
      arithmetic.add(asBefore, 1, dx);
    } else {
      arithmetic.copy(asBefore, dx);
    }
    arithmetic.release(mark);
    return new double[][] {back.of(sums[0]), back.of(sums[1])};
  }
}
