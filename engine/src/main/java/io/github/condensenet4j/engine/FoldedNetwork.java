package io.github.condensenet4j.engine;

import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.architecture.Activation;
import io.github.condensenet4j.core.architecture.Architecture;
import io.github.condensenet4j.core.architecture.CondenseNetV2Architecture;
import io.github.condensenet4j.core.architecture.DenseBlockDescription;
import io.github.condensenet4j.core.architecture.DenseLayerDescription;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.architecture.StateDictLayout;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.kernels.GroupWeights;
import io.github.condensenet4j.kernels.Nonlinearity;
import io.github.condensenet4j.kernels.Normalization;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The weights of a condensed network as the kernels want them, for images of any size.
 *
 * <p>Batch normalisations are folded: one before a learned convolution or a reactivation becomes
 * scale and shift of its inputs, one after a learned convolution goes into its weights and biases.
 * The sixth of hard-swish goes into the weights that come after it.
 *
 * @param stem the first convolution, {@code [channels, 27]}
 * @param blocks dense blocks
 * @param lastNorm normalisation and ReLU before the pooling
 * @param lastSqueeze last squeeze-and-excitation, or null in CondenseNet
 * @param hidden hidden layer, or null if there is none
 * @param classifierInputs which of its inputs the classifier takes
 * @param classifier the classifier
 */
record FoldedNetwork(
    Architecture architecture,
    GroupWeights stem,
    List<Block> blocks,
    Normalization lastNorm,
    Squeeze lastSqueeze,
    GroupWeights hidden,
    List<Integer> classifierInputs,
    GroupWeights classifier) {

  // Of batch normalisation in the official code.
  private static final double EPSILON = 1e-5;

  /** One dense block. */
  record Block(DenseBlockDescription description, List<Layer> layers) {}

  /**
   * One dense layer.
   *
   * @param index channel of each input of {@code learned}, group by group
   * @param learned learned 1×1 convolution, followed by norm and activation
   * @param grouped 3×3 convolution, {@code [growth, mid / groups · 9]}
   * @param squeeze squeeze-and-excitation, or null
   * @param reactivation sparse feature reactivation, or null in CondenseNet
   */
  record Layer(
      DenseLayerDescription description,
      List<Integer> index,
      GroupWeights learned,
      GroupWeights grouped,
      Squeeze squeeze,
      Reactivation reactivation) {}

  /** The two layers of squeeze-and-excitation; the sigmoid after them is not included. */
  record Squeeze(GroupWeights squeeze, GroupWeights excite) {}

  /**
   * Sparse feature reactivation.
   *
   * @param targets channel to which each output is added
   */
  record Reactivation(List<Integer> targets, GroupWeights weights) {}

  /**
   * Folds the weights of {@code model}.
   *
   * @throws CondenseNetException if the model is not condensed, or the weights are not its
   */
  static FoldedNetwork fold(ModelDescription model, StateDict weights) {
    if (!model.form().isCondensed()) {
      throw new CondenseNetException(
          model.qualifiedName() + " is not condensed; convert it first (condensenet convert)");
    }
    StateDictLayout.check(model, weights);
    return new Folding(model, weights).network();
  }

  private record Folding(ModelDescription model, StateDict weights) {

    FoldedNetwork network() {
      Architecture network = model.architecture();
      List<Block> blocks = new ArrayList<>();
      for (DenseBlockDescription block : network.blocks()) {
        List<Layer> layers = new ArrayList<>();
        for (DenseLayerDescription layer : block.layers()) {
          layers.add(layer(block, layer));
        }
        blocks.add(new Block(block, List.copyOf(layers)));
      }
      GroupWeights hidden = null;
      float sixth = 1;
      if (network instanceof CondenseNetV2Architecture v2 && v2.hasHiddenLayer()) {
        hidden = linear("fc", v2.fcChannel(), 1).activating(Nonlinearity.SIX_HARD_SWISH);
        sixth = 1 / 6f;
      }
      String classifier = model.hasHalvedClassifier() ? "classifier.linear" : "classifier";
      return new FoldedNetwork(
          network,
          GroupWeights.of(1, network.initChannels(), 27, floats("features.init_conv.weight")),
          List.copyOf(blocks),
          normalization("features.norm_last", Nonlinearity.RELU),
          network instanceof CondenseNetV2Architecture
              ? squeeze("features.se_last", network.featureChannels())
              : null,
          hidden,
          model.hasHalvedClassifier()
              ? index("classifier.index", network.classifierInputs())
              : IntStream.range(0, network.classifierInputs()).boxed().toList(),
          linear(classifier, network.numClasses(), sixth));
    }

    private Layer layer(DenseBlockDescription block, DenseLayerDescription layer) {
      Architecture network = model.architecture();
      String name = "features." + block.name() + "." + layer.name();
      boolean hardSwish = block.activation() == Activation.HARD_SWISH;
      Nonlinearity activation = hardSwish ? Nonlinearity.SIX_HARD_SWISH : Nonlinearity.RELU;
      float sixth = hardSwish ? 1 / 6f : 1;
      int groups = network.group1x1();
      int middle = layer.bottleneckChannels();
      Normalization second = normalization(name + ".conv_2.norm", activation);

      float[] learned = floats(name + ".conv_1.conv.weight");
      float[] bias = new float[middle];
      int depth = learned.length / middle;
      for (int row = 0; row < middle; row++) {
        int channel = shuffled(row, groups, middle);
        bias[row] = second.shift()[channel];
        for (int k = 0; k < depth; k++) {
          learned[row * depth + k] *= second.scale()[channel] * sixth;
        }
      }
      return new Layer(
          layer,
          index(name + ".conv_1.index", layer.inChannels()),
          GroupWeights.of(groups, middle / groups, depth, learned)
              .withBias(bias)
              .normalizing(normalization(name + ".conv_1.norm", activation))
              .activating(activation),
          GroupWeights.of(
              network.group3x3(),
              layer.growth() / network.group3x3(),
              middle / network.group3x3() * 9,
              scaled(name + ".conv_2.conv.weight", sixth)),
          block.squeeze() ? squeeze(name + ".se", layer.growth()) : null,
          network instanceof CondenseNetV2Architecture v2
              ? reactivation(name + ".sfr", v2.groupTrans(), layer, activation, sixth)
              : null);
    }

    private Reactivation reactivation(
        String name,
        int groups,
        DenseLayerDescription layer,
        Nonlinearity activation,
        float sixth) {
      List<Integer> targets = index(name + ".index", layer.inChannels());
      Normalization byChannel = normalization(name + ".norm", activation);
      int growth = layer.growth();
      float[] scale = new float[growth];
      float[] shift = new float[growth];
      for (int input = 0; input < growth; input++) {
        int channel = shuffled(input, groups, growth);
        scale[input] = byChannel.scale()[channel];
        shift[input] = byChannel.shift()[channel];
      }
      return new Reactivation(
          targets,
          GroupWeights.of(
                  groups,
                  targets.size() / groups,
                  growth / groups,
                  scaled(name + ".conv.weight", sixth))
              .normalizing(new Normalization(scale, shift, activation)));
    }

    private Squeeze squeeze(String name, int channels) {
      float[] squeeze = floats(name + ".fc.0.weight");
      int squeezed = squeeze.length / channels;
      return new Squeeze(
          GroupWeights.wide(squeezed, channels, squeeze).activating(Nonlinearity.RELU),
          GroupWeights.wide(channels, squeezed, floats(name + ".fc.2.weight")));
    }

    private GroupWeights linear(String name, int rows, float factor) {
      float[] linear = scaled(name + ".weight", factor);
      return GroupWeights.wide(rows, linear.length / rows, linear).withBias(floats(name + ".bias"));
    }

    private Normalization normalization(String name, Nonlinearity nonlinearity) {
      float[] weight = floats(name + ".weight");
      float[] bias = floats(name + ".bias");
      float[] mean = floats(name + ".running_mean");
      float[] variance = floats(name + ".running_var");
      float[] scale = new float[weight.length];
      float[] shift = new float[weight.length];
      for (int c = 0; c < weight.length; c++) {
        double factor = weight[c] / Math.sqrt(variance[c] + EPSILON);
        scale[c] = (float) factor;
        shift[c] = (float) (bias[c] - mean[c] * factor);
      }
      return new Normalization(scale, shift, nonlinearity);
    }

    private List<Integer> index(String name, int channels) {
      long[] values = weights.get(name).toLongs();
      List<Integer> index = new ArrayList<>(values.length);
      for (long value : values) {
        if (value < 0 || value >= channels) {
          throw new CondenseNetException(
              "%s holds %d, channels from 0 to %d expected; the weights are damaged"
                  .formatted(name, value, channels - 1));
        }
        index.add((int) value);
      }
      return List.copyOf(index);
    }

    private float[] scaled(String name, float factor) {
      float[] values = floats(name);
      for (int i = 0; i < values.length; i++) {
        values[i] *= factor;
      }
      return values;
    }

    private float[] floats(String name) {
      return weights.get(name).toFloats();
    }
  }

  /**
   * Returns the channel that is at place {@code grouped} when channels {@code g, g + G, g + 2G, …}
   * lie together as group {@code g} (official {@code ShuffleLayer} and {@code ShuffleLayerTrans}).
   */
  static int shuffled(int grouped, int groups, int channels) {
    int members = channels / groups;
    return grouped % members * groups + grouped / members;
  }
}
