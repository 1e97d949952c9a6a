package io.github.condensenet4j.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.condensenet4j.core.architecture.Activation;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Nesterovs;

/** A step with shortcuts gives what it gives without. */
class GraphShortcutsTest {

  /** Rounding of float gradients: debts are added up before they are paid. */
  private static final double BOUND = 2e-5;

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.github.condensenet4j.layers.SampleLayers#named")
  void changeNoGradient(String name, CondenseNetLayer layer) {
    ComputationGraph network = network(layer, DataType.FLOAT);
    assertStepsAgree(network, BOUND);
  }

  @ParameterizedTest
  @EnumSource(names = {"DOUBLE", "FLOAT"})
  void leaveOutWhatHasSeveralReadersOrIsOfDeeplearning4j(DataType type) {
    ComputationGraph network =
        new ComputationGraph(
            builder(type)
                .addInputs("images")
                .addLayer("first", Convolution.builder().nOut(8).build(), "images")
                .addLayer("block", SampleLayers.denseBlock().build(), "first")
                .addLayer("one", NormActivation.builder().build(), "block")
                .addLayer("other", HardSwish.builder().build(), "block")
                .addLayer("pool", new GlobalPoolingLayer(PoolingType.AVG), "one", "other")
                .addLayer("out", SampleLayers.classifier(), "pool")
                .setOutputs("out")
                .setInputTypes(InputType.convolutional(6, 5, 3))
                .build());
    network.init();
    assertStepsAgree(network, BOUND);
  }

  private static void assertStepsAgree(ComputationGraph network, double bound) {
    ComputationGraph other = network.clone();
    GraphShortcuts shortcuts = GraphShortcuts.of(network);
    // Twice, so that memory of a step is used again by the next one.
    for (int step = 0; step < 2; step++) {
      DataSet batch = SampleLayers.batch(network.params().dataType(), 5, step);
      for (ComputationGraph each : new ComputationGraph[] {network, other}) {
        each.setInputs(batch.getFeatures());
        each.setLabels(batch.getLabels());
      }
      shortcuts.run(network::computeGradientAndScore);
      other.computeGradientAndScore();

      assertThat(network.score()).isCloseTo(other.score(), within(bound));
      INDArray expected = other.getFlattenedGradients();
      double difference = network.getFlattenedGradients().sub(expected).norm2Number().doubleValue();
      assertThat(difference).isLessThan(bound * expected.norm2Number().doubleValue());
    }
    INDArray images = SampleLayers.batch(network.params().dataType(), 3, 9).getFeatures();
    assertThat(
            Closeness.largestDifference(network.outputSingle(images), other.outputSingle(images)))
        .isLessThan(bound);
    // Afterwards the arrays between layers are what they should be.
    assertThat(network.feedForward(images, true).get("first").stdNumber().doubleValue())
        .isEqualTo(other.feedForward(images, true).get("first").stdNumber().doubleValue());
  }

  /** Returns a network where {@code layer} stands before and after a dense block. */
  private static ComputationGraph network(CondenseNetLayer layer, DataType type) {
    ComputationGraphConfiguration configuration =
        builder(type)
            .addInputs("images")
            .addLayer("first", Convolution.builder().nOut(8).build(), "images")
            .addLayer("before", layer.clone(), "first")
            .addLayer(
                "widened",
                GroupConvolution.builder().nOut(8).groups(1).activation(Activation.RELU).build(),
                "before")
            .addLayer("block", SampleLayers.denseBlock().groupTrans(2).build(), "widened")
            .addLayer("after", layer.clone(), "block")
            .addLayer("last", NormActivation.builder().build(), "after")
            .addLayer("pool", GlobalAveragePooling.builder().build(), "last")
            .addLayer("out", SampleLayers.classifier(), "pool")
            .setOutputs("out")
            .setInputTypes(InputType.convolutional(6, 5, 3))
            .build();
    ComputationGraph network = new ComputationGraph(configuration);
    network.init();
    return network;
  }

  private static ComputationGraphConfiguration.GraphBuilder builder(DataType type) {
    return new NeuralNetConfiguration.Builder()
        .seed(5)
        .dataType(type)
        .updater(new Nesterovs(0.05, 0.9))
        .graphBuilder();
  }
}
