package io.github.condensenet4j.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.core.condensation.StageRule;
import io.github.condensenet4j.layers.unit.Parameter;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Each layer's gradients against differences of the loss, in double. */
class GradientCheckTest {

  private final DataType before = Nd4j.dataType();

  @BeforeEach
  void useDouble() {
    Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
  }

  @AfterEach
  void useWhatWasBefore() {
    Nd4j.setDefaultDataTypes(before, before);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.github.condensenet4j.layers.SampleLayers#named")
  void gradientsAreThoseOfTheLoss(String name, CondenseNetLayer layer) {
    for (WorkspaceMode workspaces : List.of(WorkspaceMode.ENABLED, WorkspaceMode.NONE)) {
      MultiLayerNetwork network = network(layer, workspaces);
      blur(network);
      CondenseNetLayer tested = (CondenseNetLayer) network.getLayer(1).conf().getLayer();
      Set<String> state =
          tested.parameters().stream()
              .filter(parameter -> parameter.role() == Parameter.Role.STATE)
              .map(parameter -> "1_" + parameter.name())
              .collect(Collectors.toSet());
      DataSet batch = SampleLayers.batch(DataType.DOUBLE, 3, 11, 4, 3);
      assertThat(
              GradientCheckUtil.checkGradients(
                  new GradientCheckUtil.MLNConfig()
                      .net(network)
                      .input(batch.getFeatures())
                      .labels(batch.getLabels())
                      // Small steps over small images: a step across a kink of ReLU would spoil the
                      // difference, and there is one kink for each activation.
                      .epsilon(2e-7)
                      .maxRelError(1e-4)
                      .minAbsoluteError(1e-7)
                      .subset(true)
                      .maxPerParam(6)
                      .excludeParams(state)
                      .print(GradientCheckUtil.PrintMode.FAILURES_ONLY)))
          .as(name + ", workspaces " + workspaces)
          .isTrue();
    }
  }

  private static MultiLayerNetwork network(CondenseNetLayer layer, WorkspaceMode workspaces) {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(DataType.DOUBLE)
                .updater(new NoOp())
                .trainingWorkspaceMode(workspaces)
                .inferenceWorkspaceMode(workspaces)
                .list()
                .layer(Convolution.builder().nOut(SampleLayers.CHANNELS).build())
                .layer(layer.clone())
                .layer(new GlobalPoolingLayer(PoolingType.AVG))
                .layer(
                    new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .nOut(SampleLayers.CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutional(4, 3, 3))
                .build());
    network.init();
    return network;
  }

  /** Moves weights of normalisation away from 1 and 0, and drops some connections. */
  private static void blur(MultiLayerNetwork network) {
    Nd4j.getRandom().setSeed(3);
    network
        .getLayer(1)
        .paramTable()
        .forEach(
            (name, array) -> {
              if (name.endsWith("norm.weight") || name.endsWith("norm.bias")) {
                array.addi(Nd4j.randn(DataType.DOUBLE, array.shape()).muli(0.3));
              }
            });
    for (LearnedConnections connections :
        ((CondensingLayer) network.getLayer(1)).learnedConnections()) {
      connections.advance(0.3, StageRule.CATCHING_UP);
    }
  }
}
