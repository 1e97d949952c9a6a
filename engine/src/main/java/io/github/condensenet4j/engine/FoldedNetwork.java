package io.github.condensenet4j.engine;

import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.architecture.Activation;
import io.github.condensenet4j.core.architecture.Architecture;
import io.github.condensenet4j.core.architecture.CondenseNetV2Architecture;
import io.github.condensenet4j.core.architecture.DenseBlockDescription;
import io.github.condensenet4j.core.architecture.DenseLayerDescription;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.architecture.StateDictLayout;
import io.github.condensenet4j.core.folding.ChannelScaling;
import io.github.condensenet4j.core.folding.FoldedWeights;
import io.github.condensenet4j.core.folding.LearnedConvolution;
import io.github.condensenet4j.core.folding.SparseReactivation;
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
    return new Folding(model, new FoldedWeights(weights)).network();
  }

  private record Folding(ModelDescription model, FoldedWeights folded) {

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
          normalization(folded.normalization("features.norm_last"), Nonlinearity.RELU),
          network instanceof CondenseNetV2Architecture
              ? squeeze("features.se_last", network.featureChannels())
              : null,
          hidden,
          model.hasHalvedClassifier()
              ? boxed(folded.index("classifier.index", network.classifierInputs()))
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
      LearnedConvolution learned =
          LearnedConvolution.grouped(folded, name, layer.inChannels(), groups);
      return new Layer(
          layer,
          boxed(learned.inputs()),
          GroupWeights.of(
                  groups,
                  middle / groups,
                  learned.weights().length / middle,
                  scaled(learned.weights(), sixth))
              .withBias(learned.bias())
              .normalizing(normalization(learned.normalization(), activation))
              .activating(activation),
          GroupWeights.of(
              network.group3x3(),
              layer.growth() / network.group3x3(),
              middle / network.group3x3() * 9,
              scaled(floats(name + ".conv_2.conv.weight"), sixth)),
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
      SparseReactivation sparse = SparseReactivation.of(folded, name, layer.inChannels(), groups);
      return new Reactivation(
          boxed(sparse.targets()),
          GroupWeights.of(
                  groups,
                  sparse.targets().length / groups,
                  layer.growth() / groups,
                  scaled(sparse.weights(), sixth))
              .normalizing(normalization(sparse.normalization().grouped(groups), activation)));
    }

    private Squeeze squeeze(String name, int channels) {
      float[] squeeze = floats(name + ".fc.0.weight");
      int squeezed = squeeze.length / channels;
      return new Squeeze(
          GroupWeights.wide(squeezed, channels, squeeze).activating(Nonlinearity.RELU),
          GroupWeights.wide(channels, squeezed, floats(name + ".fc.2.weight")));
    }

    private GroupWeights linear(String name, int rows, float factor) {
      float[] linear = scaled(floats(name + ".weight"), factor);
      return GroupWeights.wide(rows, linear.length / rows, linear).withBias(floats(name + ".bias"));
    }

    private static Normalization normalization(ChannelScaling scaling, Nonlinearity nonlinearity) {
      return new Normalization(scaling.scale(), scaling.shift(), nonlinearity);
    }

    private static List<Integer> boxed(int[] numbers) {
      return IntStream.of(numbers).boxed().toList();
    }

    private static float[] scaled(float[] values, float factor) {
      float[] scaled = values.clone();
      for (int i = 0; i < scaled.length; i++) {
        scaled[i] *= factor;
      }
      return scaled;
    }

    private float[] floats(String name) {
      return folded.floats(name);
    }
  }

  /** See {@link LearnedConvolution#shuffled}. */
  static int shuffled(int grouped, int groups, int channels) {
    return LearnedConvolution.shuffled(grouped, groups, channels);
  }
}
