package io.github.condensenet4j.layers.unit;

import static io.github.condensenet4j.layers.profile.StepProfile.run;
import static io.github.condensenet4j.layers.profile.StepProfile.time;

import io.github.condensenet4j.layers.arithmetic.Arithmetic;
import io.github.condensenet4j.layers.arithmetic.Extent;
import io.github.condensenet4j.layers.arithmetic.Matrix;
import io.github.condensenet4j.layers.profile.StepProfile.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A dense block: each layer reads all features so far and appends its own; in CondenseNetV2 it also
 * adds reactivations to the features that it read (CondenseNetV2, section 3.2).
 *
 * <p>{@code f = squeeze(convolution(bottleneck(x)))}, then {@code x ← [x + reactivation(f), f]}.
 *
 * <p>Features are rows of one matrix that grows, so appending copies nothing. Reactivations are
 * added in place. The backward pass takes them off again on its way, so that each layer finds the
 * features that it read, to rounding: one matrix stays in the caches where one for each layer would
 * not.
 */
public final class Block extends Unit {

  // Kinds of work in a profile.
  private static final String BOTTLENECK = "1×1 convolution";
  private static final String CONVOLUTION = "3×3 convolution";
  private static final String REACTIVATION = "reactivation";
  private static final String SQUEEZE = "squeeze-and-excitation";

  private final int inChannels;
  private final int growth;
  private final List<DenseLayer> layers;

  private Matrix features;
  private Matrix input;
  private Matrix inputGradient;
  private Extent extent;

  /** Creates the block of {@code layers}, each of which adds {@code growth} channels. */
  public Block(int inChannels, int growth, List<DenseLayer> layers) {
    this.inChannels = inChannels;
    this.growth = growth;
    this.layers = List.copyOf(layers);
  }

  @Override
  public List<Parameter> parameters() {
    List<Parameter> parameters = new ArrayList<>();
    forEachUnit(unit -> parameters.addAll(unit.parameters()));
    return parameters;
  }

  @Override
  public void initialize(Map<String, INDArray> parameters, Map<String, IWeightInit> chosen) {
    forEachUnit(unit -> unit.initialize(parameters, chosen));
  }

  @Override
  public List<LearnedWeight> learnedWeights() {
    List<LearnedWeight> learned = new ArrayList<>();
    forEachUnit(unit -> learned.addAll(unit.learnedWeights()));
    return learned;
  }

  private void forEachUnit(Consumer<Unit> action) {
    for (DenseLayer layer : layers) {
      action.accept(layer.bottleneck());
      action.accept(layer.convolution());
      if (layer.reactivation() != null) {
        action.accept(layer.reactivation());
      }
      if (layer.squeeze() != null) {
        action.accept(layer.squeeze());
      }
    }
  }

  @Override
  public SDVariable define(Definition definition, SDVariable input) {
    SDVariable features = input;
    for (DenseLayer layer : layers) {
      SDVariable made =
          layer.convolution().define(definition, layer.bottleneck().define(definition, features));
      if (layer.squeeze() != null) {
        made = layer.squeeze().define(definition, made);
      }
      if (layer.reactivation() != null) {
        features = features.add(layer.reactivation().define(definition, made));
      }
      features = definition.sameDiff().concat(1, features, made);
    }
    return features;
  }

  @Override
  public int inChannels() {
    return inChannels;
  }

  @Override
  public int outChannels() {
    return channelsBefore(layers.size());
  }

  /** Returns the channels that layer {@code index}, counted from 0, reads. */
  private int channelsBefore(int index) {
    return inChannels + index * growth;
  }

  @Override
  public Matrix place(Pass pass, Extent inputExtent) {
    features = pass.arithmetic().allocate(outChannels(), inputExtent);
    input = features.slice(0, inChannels);
    return input;
  }

  @Override
  public Matrix forward(Pass pass, Matrix x, Extent inputExtent) {
    extent = inputExtent;
    if (x != input) {
      pass.arithmetic().copy(x, place(pass, extent));
    }
    input = null;
    for (int i = 0; i < layers.size(); i++) {
      forward(pass, i);
    }
    return features;
  }

  /** Runs layer {@code index}. */
  private void forward(Pass pass, int index) {
    Arithmetic arithmetic = pass.arithmetic();
    DenseLayer layer = layers.get(index);
    int channels = channelsBefore(index);
    Matrix read = features.slice(0, channels);
    Matrix made = features.slice(channels, growth);
    int mark = arithmetic.mark();
    Matrix narrow =
        time(BOTTLENECK, Phase.FORWARD, () -> layer.bottleneck().forward(pass, read, extent));
    if (layer.squeeze() == null) {
      run(
          CONVOLUTION,
          Phase.FORWARD,
          () -> layer.convolution().forward(pass, narrow, extent, null, made));
    } else {
      Matrix unsqueezed =
          time(CONVOLUTION, Phase.FORWARD, () -> layer.convolution().forward(pass, narrow, extent));
      run(SQUEEZE, Phase.FORWARD, () -> layer.squeeze().forward(pass, unsqueezed, extent, made));
    }
    if (layer.reactivation() != null) {
      run(
          REACTIVATION,
          Phase.FORWARD,
          () -> layer.reactivation().forward(pass, made, extent, read, read));
    }
    if (!pass.saving()) {
      arithmetic.release(mark);
    }
  }

  @Override
  public Kept kept() {
    return Kept.ALL_BUT_OUTPUT;
  }

  @Override
  public void recall(Pass pass, Matrix again) {
    features = again;
    for (int i = 0; i < layers.size(); i++) {
      DenseLayer layer = layers.get(i);
      int channels = channelsBefore(i);
      layer.bottleneck().recall(pass, features.slice(0, channels));
      if (layer.reactivation() != null) {
        layer.reactivation().recall(pass, features.slice(channels, growth));
      }
    }
  }

  @Override
  public Matrix placeGradient(Pass pass, Matrix dy, Extent inputExtent) {
    inputGradient = dy.slice(0, inChannels);
    return inputGradient;
  }

  @Override
  public void backward(Pass pass, Matrix dy, Matrix dx, boolean accumulate) {
    for (int i = layers.size() - 1; i >= 0; i--) {
      backward(pass, i, dy);
    }
    Matrix ofInput = dy.slice(0, inChannels);
    if (accumulate) {
      pass.arithmetic().add(ofInput, 1, dx);
    } else if (dx != inputGradient) {
      pass.arithmetic().copy(ofInput, dx);
    }
    features = null;
    inputGradient = null;
  }

  /**
   * Turns the gradient of the features after layer {@code index}, and the features themselves, into
   * those before it.
   */
  private void backward(Pass pass, int index, Matrix gradient) {
    Arithmetic arithmetic = pass.arithmetic();
    DenseLayer layer = layers.get(index);
    int channels = channelsBefore(index);
    Matrix read = gradient.slice(0, channels);
    Matrix made = gradient.slice(channels, growth);
    int mark = arithmetic.mark();
    if (layer.reactivation() != null) {
      run(
          REACTIVATION,
          Phase.BACKWARD,
          () -> layer.reactivation().backward(pass, read, made, true, features.slice(0, channels)));
    }
    if (layer.squeeze() != null) {
      run(SQUEEZE, Phase.BACKWARD, () -> layer.squeeze().backward(pass, made, made, false));
    }
    Matrix narrow =
        layer.bottleneck().remakesOutput(pass)
            ? layer.convolution().input()
            : arithmetic.allocate(layer.bottleneck().outChannels(), extent);
    run(CONVOLUTION, Phase.BACKWARD, () -> layer.convolution().backward(pass, made, narrow, false));
    run(BOTTLENECK, Phase.BACKWARD, () -> layer.bottleneck().backward(pass, narrow, read, true));
    arithmetic.release(mark);
  }
}
