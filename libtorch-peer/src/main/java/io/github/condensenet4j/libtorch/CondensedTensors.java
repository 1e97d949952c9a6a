package io.github.condensenet4j.libtorch;

import io.github.condensenet4j.core.architecture.Architecture;
import io.github.condensenet4j.core.architecture.CondenseNetV2Architecture;
import io.github.condensenet4j.core.architecture.DenseBlockDescription;
import io.github.condensenet4j.core.architecture.DenseLayerDescription;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.folding.FoldedWeights;
import io.github.condensenet4j.core.folding.LearnedConvolution;
import io.github.condensenet4j.core.folding.SparseReactivation;
import io.github.condensenet4j.core.tensor.StateDict;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * The tensors of {@link CondensedNetwork}: those of the converted network by their names, and in
 * place of some what a variant computes with.
 */
final class CondensedTensors {

  private final Architecture network;
  private final FoldedWeights weights;
  private final Variant variant;
  private final Map<String, Tensor> tensors = new HashMap<>();

  private CondensedTensors(Architecture network, StateDict weights, Variant variant) {
    this.network = network;
    this.weights = new FoldedWeights(weights);
    this.variant = variant;
  }

  /** Returns the tensors of {@code model}, folded for {@code variant}. */
  static Map<String, Tensor> of(ModelDescription model, StateDict weights, Variant variant) {
    CondensedTensors made = new CondensedTensors(model.architecture(), weights, variant);
    weights
        .asMap()
        .forEach((name, tensor) -> made.put(name, Tensors.of(tensor, variant.isChannelsLast())));
    for (DenseBlockDescription block : model.architecture().blocks()) {
      for (DenseLayerDescription layer : block.layers()) {
        made.fold("features." + block.name() + "." + layer.name(), layer);
      }
    }
    return made.tensors;
  }

  private void fold(String name, DenseLayerDescription layer) {
    int channels = layer.inChannels();
    LearnedConvolution learned =
        LearnedConvolution.grouped(weights, name, channels, network.group1x1());
    if (variant.form() == Variant.Form.DENSE) {
      learned = learned.dense(channels);
      putNormalization(name + ".conv_1.norm", learned);
      put(name + ".conv_1.index", Tensors.longs(longs(learned.inputs())));
    }
    int rows = learned.bias().length;
    put(name + ".conv_1.conv.weight", learned.weights(), rows, learned.weights().length / rows);
    put(name + ".conv_1.conv.bias", Tensors.floats(learned.bias(), false, rows));
    if (network instanceof CondenseNetV2Architecture v2) {
      foldReactivation(name + ".sfr", layer, v2.groupTrans());
    }
  }

  /** Puts a normalisation of other channels than before in place of the one called {@code name}. */
  private void putNormalization(String name, LearnedConvolution learned) {
    int channels = learned.normalization().channels();
    float[] zeros = new float[channels];
    float[] variances = new float[channels];
    Arrays.fill(variances, (float) (1 - Network.EPSILON));
    put(name + ".weight", Tensors.floats(learned.normalization().scale(), false, channels));
    put(name + ".bias", Tensors.floats(learned.normalization().shift(), false, channels));
    put(name + ".running_mean", Tensors.floats(zeros, false, channels));
    put(name + ".running_var", Tensors.floats(variances, false, channels));
  }

  private void foldReactivation(String name, DenseLayerDescription layer, int groups) {
    int channels = layer.inChannels();
    SparseReactivation sparse = SparseReactivation.of(weights, name, channels, groups);
    switch (variant.form()) {
      case FOLDED, DENSE ->
          put(name + ".conv.weight", sparse.dense(channels), channels, layer.growth());
      case MATRIX -> {
        int[] targets = sparse.targets();
        float[] ones = new float[targets.length * channels];
        for (int output = 0; output < targets.length; output++) {
          ones[output * channels + targets[output]] = 1;
        }
        put(name + ".matrix", Tensors.floats(ones, false, targets.length, channels));
      }
      case INDEX_ADD -> {}
    }
  }

  private void put(String name, float[] pointwise, int rows, int columns) {
    put(name, Tensors.floats(pointwise, variant.isChannelsLast(), rows, columns, 1, 1));
  }

  private void put(String name, Tensor tensor) {
    Tensor before = tensors.put(name, tensor);
    if (before != null) {
      before.close();
    }
  }

  private static long[] longs(int[] numbers) {
    return Arrays.stream(numbers).asLongStream().toArray();
  }
}
