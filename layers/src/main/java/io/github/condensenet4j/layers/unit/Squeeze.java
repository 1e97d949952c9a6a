package io.github.condensenet4j.layers.unit;

import io.github.condensenet4j.core.ArchitectureException;
import io.github.condensenet4j.layers.arithmetic.Arithmetic;
import io.github.condensenet4j.layers.arithmetic.Excitation;
import io.github.condensenet4j.layers.arithmetic.Extent;
import io.github.condensenet4j.layers.arithmetic.Matrix;
import io.github.condensenet4j.layers.arithmetic.Nonlinearity;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Squeeze-and-excitation, {@code y = x · sigmoid(W2 relu(W0 mean(x)))} with the mean over the
 * pixels of each channel (the official {@code SELayer}, without biases).
 *
 * <p>Parameters {@code fc.0.weight [hidden, channels]} and {@code fc.2.weight [channels, hidden]},
 * {@code hidden = ⌊channels / reduction⌋}, uniform within {@code ±1/√(inputs)} as PyTorch's linear
 * layers.
 */
public final class Squeeze extends SameWidthUnit {

  private final String down;
  private final String up;
  private final int hidden;

  private Extent extent;
  private Excitation excitation;

  /**
   * Creates the unit.
   *
   * @throws ArchitectureException if {@code reduction} leaves no hidden channel
   */
  public Squeeze(String prefix, int channels, int reduction) {
    super(channels);
    if (reduction < 1 || reduction > channels) {
      throw new ArchitectureException(
          "squeeze reduction of " + channels + " channels", "1 to " + channels, reduction);
    }
    down = prefix + "fc.0.weight";
    up = prefix + "fc.2.weight";
    hidden = channels / reduction;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        Parameter.weight(down, hidden, inChannels()), Parameter.weight(up, inChannels(), hidden));
  }

  @Override
  public void initialize(Map<String, INDArray> parameters, Map<String, IWeightInit> chosen) {
    uniform(down, parameters.get(down), inChannels(), hidden, chosen);
    uniform(up, parameters.get(up), hidden, inChannels(), chosen);
  }

  private static void uniform(
      String name, INDArray weight, int fanIn, int fanOut, Map<String, IWeightInit> chosen) {
    if (chosen.containsKey(name)) {
      chosen.get(name).init(fanIn, fanOut, weight.shape(), 'c', weight);
      return;
    }
    double bound = 1 / Math.sqrt(fanIn);
    weight.assign(Nd4j.rand(weight.shape()).muli(2 * bound).subi(bound));
  }

  @Override
  public SDVariable define(Definition definition, SDVariable input) {
    SDVariable mean = input.mean(false, 2, 3);
    SDVariable small =
        definition.apply(
            Nonlinearity.RELU,
            definition.sameDiff().mmul(mean, definition.parameter(down), false, true, false));
    SDVariable factor =
        definition.apply(
            Nonlinearity.SIGMOID,
            definition.sameDiff().mmul(small, definition.parameter(up), false, true, false));
    return input.mul(
        definition.sameDiff().expandDims(definition.sameDiff().expandDims(factor, 2), 3));
  }

  @Override
  public Matrix forward(Pass pass, Matrix input, Extent inputExtent) {
    Matrix y = pass.arithmetic().allocate(inChannels(), inputExtent);
    forward(pass, input, inputExtent, y);
    return y;
  }

  /** Computes the features of {@code input} into {@code y}. */
  void forward(Pass pass, Matrix input, Extent inputExtent, Matrix y) {
    extent = inputExtent;
    excitation = pass.arithmetic().excite(input, extent, pass.matrix(down), pass.matrix(up), y);
  }

  @Override
  public void backward(Pass pass, Matrix dy, Matrix dx, boolean accumulate) {
    Arithmetic arithmetic = pass.arithmetic();
    int mark = arithmetic.mark();
    Matrix dDown = arithmetic.gradient(pass.array(down));
    Matrix dUp = arithmetic.gradient(pass.array(up));
    Matrix own = accumulate ? arithmetic.allocate(inChannels(), extent) : dx;
    excitation.backward(dy, dDown, dUp, own);
    pass.gradient(down, dDown);
    pass.gradient(up, dUp);
    if (accumulate) {
      arithmetic.add(own, 1, dx);
    }
    arithmetic.release(mark);
    excitation = null;
  }
}
