package io.github.condensenet4j.core.architecture;

import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.tensor.ElementType;
import io.github.condensenet4j.core.tensor.StateDict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Every tensor of a network, in the order and under the names of the official state dictionary.
 *
 * <p>One thing differs from the official files: the index of a condensed reactivation is a vector
 * of target channels, {@code [out·G/C]} whole numbers, where the official one is a dense matrix of
 * zeros and ones.
 */
public final class StateDictLayout {

  private final List<TensorDescription> tensors = new ArrayList<>();
  private final ModelDescription model;

  private StateDictLayout(ModelDescription model) {
    this.model = model;
  }

  /** Returns the tensors of {@code model}. */
  public static List<TensorDescription> of(ModelDescription model) {
    StateDictLayout layout = new StateDictLayout(model);
    layout.addAll();
    return List.copyOf(layout.tensors);
  }

  /**
   * Checks that {@code weights} are exactly the tensors of {@code model}, whatever their order.
   *
   * @throws CondenseNetException naming the first tensor that is missing, too many or of another
   *     shape
   */
  public static void check(ModelDescription model, StateDict weights) {
    List<TensorDescription> expected = of(model);
    Set<String> unknown = new LinkedHashSet<>(weights.names());
    for (TensorDescription tensor : expected) {
      if (!unknown.remove(tensor.name())) {
        throw new CondenseNetException(
            "%s has a tensor %s, the given weights have none; are they of another model?"
                .formatted(model.qualifiedName(), tensor.name()));
      }
      int[] found = weights.get(tensor.name()).shape();
      if (!Arrays.equals(found, tensor.shapeArray())) {
        throw new CondenseNetException(
            "%s has shape %s, %s expected for %s; are the weights of another model?"
                .formatted(
                    tensor.name(), Arrays.toString(found), tensor.shape(), model.qualifiedName()));
      }
    }
    if (!unknown.isEmpty()) {
      throw new CondenseNetException(
          "%s has no tensor %s, the given weights have it; are they of another model?"
              .formatted(model.qualifiedName(), unknown.iterator().next()));
    }
  }

  private void addAll() {
    Architecture network = model.architecture();
    add("features.init_conv.weight", network.initChannels(), 3, 3, 3);
    for (DenseBlockDescription block : network.blocks()) {
      for (DenseLayerDescription layer : block.layers()) {
        addLayer(block, layer);
      }
    }
    int channels = network.featureChannels();
    addNorm("features.norm_last", channels);
    if (network instanceof CondenseNetV2Architecture v2) {
      addSqueeze("features.se_last", channels, v2.lastSqueezeChannels());
      if (v2.hasHiddenLayer()) {
        addLinear("fc", channels, v2.fcChannel());
      }
    }
    addClassifier(network.numClasses());
  }

  private void addLayer(DenseBlockDescription block, DenseLayerDescription layer) {
    Architecture network = model.architecture();
    String name = "features." + block.name() + "." + layer.name();
    int in = layer.inChannels();
    int middle = layer.bottleneckChannels();
    if (model.form().isCondensed()) {
      int kept = in / network.condenseFactor();
      addIndex(name + ".conv_1.index", kept * network.group1x1());
      addNorm(name + ".conv_1.norm", kept * network.group1x1());
      add(name + ".conv_1.conv.weight", middle, kept, 1, 1);
    } else {
      addLearned(name + ".conv_1", in, in, middle);
    }
    addNorm(name + ".conv_2.norm", middle);
    add(name + ".conv_2.conv.weight", layer.growth(), middle / network.group3x3(), 3, 3);
    if (network instanceof CondenseNetV2Architecture v2) {
      addReactivation(name + ".sfr", v2, layer);
      if (block.squeeze()) {
        addSqueeze(name + ".se", layer.growth(), layer.growth());
      }
    }
  }

  private void addReactivation(
      String name, CondenseNetV2Architecture network, DenseLayerDescription layer) {
    int growth = layer.growth();
    if (model.form().isCondensed()) {
      int filters = layer.inChannels() / network.transFactor() * network.groupTrans();
      addIndex(name + ".index", filters);
      addNorm(name + ".norm", growth);
      add(name + ".conv.weight", filters, growth / network.groupTrans(), 1, 1);
    } else {
      addLearned(name, growth, growth, layer.inChannels());
    }
  }

  private void addLearned(String name, int normChannels, int in, int out) {
    add(name + "._count", 1);
    add(name + "._stage", 1);
    add(name + "._mask", out, in, 1, 1);
    addNorm(name + ".norm", normChannels);
    add(name + ".conv.weight", out, in, 1, 1);
  }

  private void addNorm(String name, int channels) {
    add(name + ".weight", channels);
    add(name + ".bias", channels);
    add(name + ".running_mean", channels);
    add(name + ".running_var", channels);
    tensors.add(new TensorDescription(name + ".num_batches_tracked", List.of(), ElementType.INT64));
  }

  private void addSqueeze(String name, int channels, int squeezed) {
    add(name + ".fc.0.weight", squeezed, channels);
    add(name + ".fc.2.weight", channels, squeezed);
  }

  private void addClassifier(int classes) {
    int inputs = model.classifierInputs();
    if (model.hasHalvedClassifier()) {
      addIndex("classifier.index", inputs);
      addLinear("classifier.linear", inputs, classes);
    } else {
      addLinear("classifier", inputs, classes);
    }
  }

  private void addLinear(String name, int in, int out) {
    add(name + ".weight", out, in);
    add(name + ".bias", out);
  }

  private void addIndex(String name, int length) {
    tensors.add(new TensorDescription(name, List.of(length), ElementType.INT64));
  }

  private void add(String name, Integer... shape) {
    tensors.add(new TensorDescription(name, List.of(shape), ElementType.FLOAT32));
  }
}
