package io.github.condensenet4j.layers.unit;

import io.github.condensenet4j.layers.arithmetic.ConvolutionShape;
import io.github.condensenet4j.layers.arithmetic.Extent;
import io.github.condensenet4j.layers.arithmetic.Matrix;
import io.github.condensenet4j.layers.arithmetic.Nonlinearity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A learned group convolution after its condensation: the kept channels are selected, normalised
 * and convolved in groups, and the groups' outputs shuffled (the official {@code CondenseLGC}).
 *
 * <p>Parameters: {@code index [kept]}, the normalisation's below {@code norm.} for the {@code kept}
 * channels, and {@code conv.weight [out, kept / groups, 1, 1]}.
 */
public final class CondensedConvolution extends Unit {

  private final Selection selection;
  private final NormalizedConvolution convolution;
  private final Shuffle shuffle;

  private Extent extent;

  /** Creates the unit. {@code kept} channels are what all groups keep, taken together. */
  public CondensedConvolution(
      String prefix,
      int inChannels,
      int kept,
      int outChannels,
      int groups,
      Nonlinearity function,
      double dropRate) {
    selection = new Selection(prefix, inChannels, kept);
    ConvolutionShape shape = ConvolutionShape.pointwise(kept, outChannels, groups);
    convolution =
        new NormalizedConvolution(
            prefix,
            ConvolutionWeight.whole(prefix + "conv.weight", shape),
            function,
            dropRate,
            ChannelOrder.UNCHANGED);
    shuffle = new Shuffle(outChannels, ChannelOrder.shuffle(outChannels, groups));
  }

  @Override
  public List<Parameter> parameters() {
    List<Parameter> parameters = new ArrayList<>(selection.parameters());
    parameters.addAll(convolution.parameters());
    return parameters;
  }

  @Override
  public void initialize(Map<String, INDArray> parameters, Map<String, IWeightInit> chosen) {
    selection.initialize(parameters, chosen);
    convolution.initialize(parameters, chosen);
  }

  @Override
  public SDVariable define(Definition definition, SDVariable input) {
    SDVariable chosen = selection.define(definition, input);
    return shuffle.define(definition, convolution.define(definition, chosen));
  }

  @Override
  public int inChannels() {
    return selection.inChannels();
  }

  @Override
  public int outChannels() {
    return convolution.outChannels();
  }

  @Override
  public Matrix forward(Pass pass, Matrix input, Extent inputExtent) {
    extent = inputExtent;
    Matrix selected = selection.forward(pass, input, extent);
    return shuffle.forward(pass, convolution.forward(pass, selected, extent), extent);
  }

  @Override
  public void recall(Pass pass, Matrix again) {
    convolution.recall(pass, selection.forward(pass, again, extent));
  }

  @Override
  public void backward(Pass pass, Matrix dy, Matrix dx, boolean accumulate) {
    int mark = pass.arithmetic().mark();
    Matrix grouped = pass.arithmetic().allocate(outChannels(), extent);
    shuffle.backward(pass, dy, grouped, false);
    Matrix ofSelected = pass.arithmetic().allocate(selection.outChannels(), extent);
    convolution.backward(pass, grouped, ofSelected, false);
    selection.backward(pass, ofSelected, dx, accumulate);
    pass.arithmetic().release(mark);
  }
}
