package io.github.condensenet4j.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.core.condensation.StageRule;
import io.github.condensenet4j.layers.unit.Parameter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Nesterovs;

/** What Deeplearning4j does with a layer, for each kind of layer, in a network of its own. */
class LayerInNetworkTest {

  private static final String EACH_KIND = "io.github.condensenet4j.layers.SampleLayers#named";

  private static ComputationGraph trained(CondenseNetLayer layer, WorkspaceMode workspaces) {
    ComputationGraph network =
        SampleLayers.network(layer, DataType.FLOAT, new Nesterovs(0.05, 0.9), workspaces);
    for (int step = 0; step < 3; step++) {
      network.fit(SampleLayers.batch(DataType.FLOAT, 5, step));
    }
    return network;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(EACH_KIND)
  void jsonBringsTheConfigurationBack(String name, CondenseNetLayer layer) {
    ComputationGraph network = trained(layer, WorkspaceMode.ENABLED);
    String json = network.getConfiguration().toJson();
    ComputationGraphConfiguration back = ComputationGraphConfiguration.fromJson(json);
    assertThat(back.toJson()).isEqualTo(json);
    CondenseNetLayer there = (CondenseNetLayer) network.getLayer("tested").conf().getLayer();
    ComputationGraph again = new ComputationGraph(back);
    again.init();
    CondenseNetLayer here = (CondenseNetLayer) again.getLayer("tested").conf().getLayer();
    assertThat(here).isEqualTo(there).hasSameHashCodeAs(there).hasToString(there.toString());
    assertThat(here.parameters()).isEqualTo(there.parameters());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(EACH_KIND)
  void workspacesChangeNothing(String name, CondenseNetLayer layer) {
    assertThat(trained(layer, WorkspaceMode.ENABLED).params())
        .isEqualTo(trained(layer, WorkspaceMode.NONE).params());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(EACH_KIND)
  void savedAndClonedNetworksTrainOnAlike(String name, CondenseNetLayer layer, @TempDir Path folder)
      throws IOException {
    ComputationGraph network = trained(layer, WorkspaceMode.ENABLED);
    Path file = folder.resolve("network.zip");
    ModelSerializer.writeModel(network, file.toFile(), true);
    ComputationGraph restored = ModelSerializer.restoreComputationGraph(file.toFile());
    ComputationGraph cloned = network.clone();
    DataSet next = SampleLayers.batch(DataType.FLOAT, 5, 17);
    for (ComputationGraph each : List.of(network, restored, cloned)) {
      each.fit(next);
    }
    assertThat(restored.params()).isEqualTo(network.params());
    assertThat(cloned.params()).isEqualTo(network.params());
    assertThat(restored.getUpdater().getUpdaterStateViewArray())
        .isEqualTo(network.getUpdater().getUpdaterStateViewArray());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(EACH_KIND)
  void theSameSeedGivesTheSameBits(String name, CondenseNetLayer layer) {
    assertThat(trained(layer, WorkspaceMode.ENABLED).params())
        .isEqualTo(trained(layer, WorkspaceMode.ENABLED).params());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(EACH_KIND)
  void trainingMovesWeightsAndStatisticsAndNothingElse(String name, CondenseNetLayer layer) {
    ComputationGraph network =
        SampleLayers.network(
            layer, DataType.FLOAT, new Nesterovs(0.05, 0.9), WorkspaceMode.ENABLED);
    Map<String, INDArray> before = new HashMap<>();
    network.getLayer("tested").paramTable().forEach((key, array) -> before.put(key, array.dup()));
    network.fit(SampleLayers.batch(DataType.FLOAT, 5, 1));
    CondenseNetLayer tested = (CondenseNetLayer) network.getLayer("tested").conf().getLayer();
    for (Parameter parameter : tested.parameters()) {
      boolean moves =
          parameter.role() != Parameter.Role.STATE || parameter.name().contains("norm.");
      assertThat(network.getLayer("tested").getParam(parameter.name()))
          .as(parameter.name())
          .satisfies(
              array -> {
                if (moves) {
                  assertThat(array).isNotEqualTo(before.get(parameter.name()));
                } else {
                  assertThat(array).isEqualTo(before.get(parameter.name()));
                }
              });
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(EACH_KIND)
  void theDefinitionIsTheInferenceFunction(String name, CondenseNetLayer layer) {
    ComputationGraph network = trained(layer, WorkspaceMode.ENABLED);
    CondensingLayer running = (CondensingLayer) network.getLayer("tested");
    running.learnedConnections().forEach(each -> each.advance(0.3, StageRule.CATCHING_UP));
    Map<String, INDArray> activations =
        network.feedForward(SampleLayers.batch(DataType.FLOAT, 4, 9).getFeatures(), false);
    SameDiff sameDiff = SameDiff.create();
    Map<String, SDVariable> parameters = new HashMap<>();
    network
        .getLayer("tested")
        .paramTable()
        .forEach((key, array) -> parameters.put(key, sameDiff.var(key, array.dup('c'))));
    CondenseNetLayer tested = (CondenseNetLayer) network.getLayer("tested").conf().getLayer();
    SDVariable input = sameDiff.constant("input", activations.get("first").dup('c'));
    SDVariable output = tested.defineLayer(sameDiff, input, parameters, null);
    // Both are float32 and sum in another order, over some dozens of products.
    assertThat(Closeness.largestDifference(activations.get("tested"), output.eval()))
        .isLessThan(2e-6);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(EACH_KIND)
  void replicasTrainInParallel(String name, CondenseNetLayer layer) {
    ComputationGraph network = trained(layer, WorkspaceMode.ENABLED);
    CondensingLayer running = (CondensingLayer) network.getLayer("tested");
    running.learnedConnections().forEach(each -> each.advance(0.3, StageRule.CATCHING_UP));
    List<INDArray> masks = masks(running);
    List<DataSet> batches =
        IntStream.range(0, 4).mapToObj(i -> SampleLayers.batch(DataType.FLOAT, 5, i)).toList();
    ParallelWrapper wrapper =
        new ParallelWrapper.Builder<>(network)
            .workers(2)
            .averagingFrequency(1)
            .trainingMode(ParallelWrapper.TrainingMode.AVERAGING)
            .prefetchBuffer(0)
            .build();
    wrapper.fit(new ListDataSetIterator<>(batches, 5));
    wrapper.shutdown();
    assertThat(network.params().isNaN().any()).isFalse();
    assertThat(masks((CondensingLayer) network.getLayer("tested"))).isEqualTo(masks);
  }

  private static List<INDArray> masks(CondensingLayer layer) {
    return layer.learnedConnections().stream().map(each -> each.mask().dup()).toList();
  }
}
