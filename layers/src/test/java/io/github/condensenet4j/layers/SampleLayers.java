package io.github.condensenet4j.layers;

import io.github.condensenet4j.core.architecture.Activation;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.provider.Arguments;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** One small layer of each kind, networks around them, and data for these. */
final class SampleLayers {

  static final int CHANNELS = 8;
  static final int CLASSES = 3;

  private SampleLayers() {}

  /** Returns every kind of layer for {@link #CHANNELS} channels, by name. */
  static Map<String, CondenseNetLayer> all() {
    Map<String, CondenseNetLayer> layers = new LinkedHashMap<>();
    layers.put(
        "learned group convolution",
        LearnedGroupConvolution.builder().nOut(4).groups(2).condenseFactor(4).build());
    layers.put(
        "learned group convolution with hard-swish",
        LearnedGroupConvolution.builder()
            .nOut(8)
            .groups(4)
            .activation(Activation.HARD_SWISH)
            .build());
    layers.put(
        "group convolution",
        GroupConvolution.builder().nOut(4).groups(2).activation(Activation.HARD_SWISH).build());
    layers.put(
        "group convolution with stride",
        GroupConvolution.builder().nOut(8).groups(4).stride(2).build());
    layers.put(
        "group convolution without padding",
        GroupConvolution.builder().nOut(6).groups(2).kernelSize(2).padding(0).build());
    layers.put("convolution", Convolution.builder().nOut(5).build());
    layers.put(
        "convolution of single pixels",
        Convolution.builder().nOut(5).kernelSize(1).padding(0).build());
    layers.put("convolution with stride", Convolution.builder().nOut(5).stride(2).build());
    layers.put(
        "sparse feature reactivation",
        SparseFeatureReactivation.builder().nOut(12).groups(2).condenseFactor(4).build());
    layers.put("channel shuffle", ChannelShuffle.builder().groups(4).build());
    layers.put("squeeze-and-excitation", SqueezeExcitation.builder().reduction(2).build());
    layers.put("hard-swish", HardSwish.builder().build());
    layers.put("norm and activation", NormActivation.builder().build());
    layers.put("average pooling", AveragePooling.builder().build());
    layers.put("index select", IndexSelect.builder().nOut(4).build());
    layers.put(
        "condensed learned group convolution",
        CondensedLearnedGroupConvolution.builder().nOut(4).groups(2).condenseFactor(4).build());
    layers.put(
        "condensed sparse feature reactivation",
        CondensedSparseFeatureReactivation.builder().nOut(12).groups(2).condenseFactor(4).build());
    layers.put("dense block", denseBlock().build());
    layers.put(
        "dense block with reactivation",
        denseBlock().groupTrans(2).activation(Activation.HARD_SWISH).squeeze(true).build());
    layers.put("condensed dense block", condensedBlock().build());
    layers.put(
        "condensed dense block with reactivation",
        condensedBlock().groupTrans(2).transFactor(4).squeeze(true).build());
    layers.put(
        "condensed dense block of wide layers with few reactivations",
        condensedBlock().growth(8).groupTrans(2).transFactor(4).build());
    return layers;
  }

  static DenseBlock.Builder denseBlock() {
    return DenseBlock.builder().layers(2).growth(4).bottleneck(2).group1x1(2).group3x3(2);
  }

  static CondensedDenseBlock.Builder condensedBlock() {
    return CondensedDenseBlock.builder().layers(2).growth(4).bottleneck(2).group1x1(2).group3x3(2);
  }

  static Stream<Arguments> named() {
    return all().entrySet().stream().map(kind -> Arguments.of(kind.getKey(), kind.getValue()));
  }

  /** Returns a network: a convolution, {@code layer}, pooling and a classifier. */
  static ComputationGraph network(
      CondenseNetLayer layer, DataType type, IUpdater updater, WorkspaceMode workspaces) {
    NeuralNetConfiguration.Builder builder =
        new NeuralNetConfiguration.Builder()
            .seed(5)
            .dataType(type)
            .updater(updater)
            .trainingWorkspaceMode(workspaces)
            .inferenceWorkspaceMode(workspaces);
    ComputationGraphConfiguration configuration =
        builder
            .graphBuilder()
            .addInputs("images")
            .addLayer("first", Convolution.builder().nOut(CHANNELS).build(), "images")
            .addLayer("tested", layer.clone(), "first")
            .addLayer("pool", GlobalAveragePooling.builder().build(), "tested")
            .addLayer("out", classifier(), "pool")
            .setOutputs("out")
            .setInputTypes(InputType.convolutional(6, 5, 3))
            .build();
    ComputationGraph network = new ComputationGraph(configuration);
    network.init();
    return network;
  }

  /** Returns the last layer of a network. */
  static OutputLayer classifier() {
    return new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
        .nOut(CLASSES)
        .activation(org.nd4j.linalg.activations.Activation.SOFTMAX)
        .build();
  }

  static DataSet batch(DataType type, int images, int seed) {
    return batch(type, images, seed, 6, 5);
  }

  static DataSet batch(DataType type, int images, int seed, int height, int width) {
    // A seed of 0 would mean any seed.
    Nd4j.getRandom().setSeed(seed + 1);
    INDArray features = Nd4j.randn(type, images, 3, height, width);
    INDArray labels = Nd4j.zeros(type, images, CLASSES);
    for (int i = 0; i < images; i++) {
      labels.putScalar(i, (i + seed) % CLASSES, 1);
    }
    return new DataSet(features, labels);
  }
}
