package io.github.condensenet4j.layers.unit;

import io.github.condensenet4j.layers.arithmetic.Arithmetic;
import io.github.condensenet4j.layers.arithmetic.ConvolutionShape;
import io.github.condensenet4j.layers.arithmetic.Extent;
import io.github.condensenet4j.layers.arithmetic.Matrix;
import io.github.condensenet4j.layers.arithmetic.Nonlinearity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.autodiff.samediff.SDIndex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A sparse feature reactivation after its condensation: normalised channels are un-shuffled,
 * convolved in groups, and each result is added to the channel that it reactivates (the official
 * {@code CondenseSFR}, which multiplies by a dense matrix of zeros and ones instead).
 *
 * <p>Parameters: {@code index [made]}, the channel that each result is added to; the
 * normalisation's below {@code norm.}; {@code conv.weight [made, in / groups, 1, 1]}.
 */
public final class CondensedReactivation extends AddingUnit {

  private final String index;
  private final int outChannels;
  private final NormalizedConvolution convolution;

  private int[] targets;
  private Matrix made;
  private Extent extent;

  /** Creates the unit. {@code made} results are what all groups make, taken together. */
  public CondensedReactivation(
      String prefix, int inChannels, int made, int outChannels, int groups, Nonlinearity function) {
    index = prefix + "index";
    this.outChannels = outChannels;
    ConvolutionShape shape = ConvolutionShape.pointwise(inChannels, made, groups);
    convolution =
        new NormalizedConvolution(
            prefix,
            ConvolutionWeight.whole(prefix + "conv.weight", shape),
            function,
            0,
            ChannelOrder.unshuffle(inChannels, groups));
  }

  @Override
  public List<Parameter> parameters() {
    List<Parameter> parameters = new ArrayList<>();
    parameters.add(Parameter.state(index, convolution.outChannels()));
    parameters.addAll(convolution.parameters());
    return parameters;
  }

  @Override
  public void initialize(Map<String, INDArray> parameters, Map<String, IWeightInit> chosen) {
    double[] first = new double[convolution.outChannels()];
    Arrays.setAll(first, i -> i % outChannels);
    Arithmetic.assign(first, parameters.get(index));
    convolution.initialize(parameters, chosen);
  }

  @Override
  public SDVariable define(Definition definition, SDVariable input) {
    SDVariable made = convolution.define(definition, input).permute(1, 0, 2, 3);
    SDVariable whole = definition.parameter(index).castTo(DataType.INT32);
    // One zero channel for each target, broadcast from the first result so that no size is fixed.
    SDVariable first = made.get(SDIndex.interval(0, 1)).mul(0);
    SDVariable ones =
        definition.sameDiff().constant(Nd4j.ones(input.dataType(), outChannels, 1, 1, 1));
    SDVariable sum = definition.sameDiff().scatterAdd(first.mul(ones), whole, made);
    return sum.permute(1, 0, 2, 3);
  }

  @Override
  public int inChannels() {
    return convolution.inChannels();
  }

  @Override
  public int outChannels() {
    return outChannels;
  }

  @Override
  public void forward(Pass pass, Matrix x, Extent inputExtent, Matrix base, Matrix y) {
    extent = inputExtent;
    targets = Selection.read(pass, index, outChannels);
    if (base == null) {
      pass.arithmetic().clear(y);
    } else if (base != y) {
      pass.arithmetic().copy(base, y);
    }
    int mark = pass.arithmetic().mark();
    made = pass.arithmetic().allocate(convolution.outChannels(), extent);
    convolution.forward(pass, x, extent, null, made);
    pass.arithmetic().addSelected(made, targets, 1, y);
    if (!pass.saving()) {
      pass.arithmetic().release(mark);
    }
  }

  @Override
  public void recall(Pass pass, Matrix again) {
    convolution.recall(pass, again);
  }

  @Override
  public void backward(Pass pass, Matrix dy, Matrix dx, boolean accumulate, Matrix sum) {
    int mark = pass.arithmetic().mark();
    Matrix ofTargets = pass.arithmetic().select(dy, extent, targets);
    if (sum != null) {
      pass.arithmetic().settle(ofTargets);
    }
    convolution.backward(pass, ofTargets, dx, accumulate);
    pass.arithmetic().release(mark);
    if (sum != null) {
      pass.arithmetic().addSelected(made, targets, -1, sum);
    }
    made = null;
  }
}
