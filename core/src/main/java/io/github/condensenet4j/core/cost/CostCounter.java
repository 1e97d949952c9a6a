package io.github.condensenet4j.core.cost;

import io.github.condensenet4j.core.architecture.Activation;
import io.github.condensenet4j.core.architecture.Architecture;
import io.github.condensenet4j.core.architecture.CondenseNetV2Architecture;
import io.github.condensenet4j.core.architecture.DenseBlockDescription;
import io.github.condensenet4j.core.architecture.DenseLayerDescription;
import io.github.condensenet4j.core.architecture.ModelDescription;
import java.util.ArrayList;
import java.util.List;

/** Walks through a network as the official counter's forward pass does. */
final class CostCounter {

  private final ModelDescription model;
  private final Architecture network;
  private final boolean isV2;
  private final List<LayerCost> layers = new ArrayList<>();

  CostCounter(ModelDescription model) {
    this.model = model;
    this.network = model.architecture();
    this.isV2 = network instanceof CondenseNetV2Architecture;
  }

  List<LayerCost> count() {
    convolution("features.init_conv", 3, network.initChannels(), 3, 1, network.initSize());
    List<DenseBlockDescription> blocks = network.blocks();
    for (int b = 0; b < blocks.size(); b++) {
      DenseBlockDescription block = blocks.get(b);
      for (DenseLayerDescription layer : block.layers()) {
        denseLayer(block, layer);
      }
      if (b < blocks.size() - 1) {
        pool("features.transition_" + (b + 1) + ".pool", block.outChannels(), block.size() / 2, 2);
      }
    }
    int channels = network.featureChannels();
    int size = network.featureSize();
    norm("features.norm_last", channels, size);
    elements("features.relu_last", "ReLU", 1, channels, size, size);
    pool("features.pool_last", channels, 1, size);
    head(channels);
    return layers;
  }

  private void denseLayer(DenseBlockDescription block, DenseLayerDescription layer) {
    String name = "features." + block.name() + "." + layer.name();
    int middle = layer.bottleneckChannels();
    int growth = layer.growth();
    int size = block.size();
    learned(name + ".conv_1", block, layer);
    norm(name + ".conv_2.norm", middle, size);
    activation(name + ".conv_2", block.activation(), middle, size);
    convolution(name + ".conv_2.conv", middle, growth, 3, network.group3x3(), size);
    if (network instanceof CondenseNetV2Architecture v2) {
      if (block.squeeze()) {
        squeeze(name + ".se", growth, growth, size);
      }
      reactivation(name + ".sfr", v2, block, layer);
    }
  }

  private void learned(String name, DenseBlockDescription block, DenseLayerDescription layer) {
    int in = layer.inChannels();
    int out = layer.bottleneckChannels();
    int size = block.size();
    int kept = in / network.condenseFactor();
    long weights = (long) kept * out;
    if (model.form().isCondensed()) {
      int gathered = kept * network.group1x1();
      norm(name + ".norm", gathered, size);
      activation(name, block.activation(), gathered, size);
      convolution(name + ".conv", gathered, out, 1, network.group1x1(), size);
    } else {
      long pixels = pixels(size);
      String type = isV2 ? "LGC" : "LearnedGroupConv";
      add(name, type, pixels * (weights + in), weights + 2L * in, out, size, size);
    }
  }

  private void reactivation(
      String name,
      CondenseNetV2Architecture v2,
      DenseBlockDescription block,
      DenseLayerDescription layer) {
    int growth = layer.growth();
    int out = layer.inChannels();
    int size = block.size();
    int kept = out / v2.transFactor();
    if (model.form().isCondensed()) {
      norm(name + ".norm", growth, size);
      activation(name, block.activation(), growth, size);
      convolution(name + ".conv", growth, kept * v2.groupTrans(), 1, v2.groupTrans(), size);
    } else {
      long weights = (long) kept * growth;
      add(name, "SFR", pixels(size) * (weights + growth), weights + 2L * growth, out, size, size);
    }
  }

  private void head(int channels) {
    if (network instanceof CondenseNetV2Architecture v2) {
      squeeze("features.se_last", channels, v2.lastSqueezeChannels(), 1);
      if (v2.hasHiddenLayer()) {
        linear("fc", channels, v2.fcChannel(), true);
        elements("fc_act.relu6", "ReLU6", 1, v2.fcChannel());
      }
    }
    linear(
        model.hasHalvedClassifier() ? "classifier.linear" : "classifier",
        model.classifierInputs(),
        network.numClasses(),
        true);
  }

  private void squeeze(String name, int channels, int squeezed, int size) {
    add(name + ".avg_pool", "AdaptiveAvgPool2d", channels * pixels(size), 0, channels, 1, 1);
    linear(name + ".fc.0", channels, squeezed, false);
    elements(name + ".fc.1", "ReLU", 1, squeezed);
    linear(name + ".fc.2", squeezed, channels, false);
    elements(name + ".fc.3", "Sigmoid", 2, channels);
  }

  private void convolution(String name, int in, int out, int kernel, int groups, int size) {
    long weights = (long) in / groups * out * kernel * kernel;
    add(name, "Conv2d", weights * pixels(size), weights, out, size, size);
  }

  private void norm(String name, int channels, int size) {
    add(name, "BatchNorm2d", 0, 2L * channels, channels, size, size);
  }

  private void activation(String name, Activation activation, int channels, int size) {
    switch (activation) {
      case RELU ->
          elements(name + (isV2 ? ".activation" : ".relu"), "ReLU", 1, channels, size, size);
      // The official hard-swish is counted by the ReLU6 inside it; its products are free.
      case HARD_SWISH -> elements(name + ".activation.relu6", "ReLU6", 1, channels, size, size);
    }
  }

  private void pool(String name, int channels, int outSize, int window) {
    long flops = channels * pixels(outSize) * window * window;
    add(name, "AvgPool2d", flops, 0, channels, outSize, outSize);
  }

  private void linear(String name, int in, int out, boolean hasBias) {
    long weights = (long) in * out;
    long bias = hasBias ? out : 0;
    add(name, "Linear", isV2 ? weights : weights + bias, weights + bias, out);
  }

  private void elements(String name, String type, int each, Integer... shape) {
    long elements =
        List.of(shape).stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
    add(name, type, each * elements, 0, shape);
  }

  private void add(String name, String type, long flops, long params, Integer... outputShape) {
    layers.add(new LayerCost(name, type, List.of(outputShape), flops, params));
  }

  private static long pixels(int size) {
    return (long) size * size;
  }
}
