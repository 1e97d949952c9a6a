package io.github.condensenet4j.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.architecture.Knob;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.cost.ModelCost;
import io.github.condensenet4j.core.tensor.StateDict;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Every registered network gets these tests by being registered. */
class ModelGraphsTest {

  // The largest networks only by structure: their weights are many, not different.
  private static final long MANY = 4_000_000;

  static Stream<String> names() {
    return ArchitectureRegistry.names().stream()
        .flatMap(name -> Stream.of(name, ModelDescription.CONVERTED + name));
  }

  @ParameterizedTest
  @MethodSource("names")
  void configurationsSurviveJson(String name) {
    ComputationGraphConfiguration configuration =
        ModelGraphs.configure(ArchitectureRegistry.describe(name), GraphOptions.inference());
    assertThat(ComputationGraphConfiguration.fromJson(configuration.toJson()))
        .isEqualTo(configuration);
  }

  @ParameterizedTest
  @MethodSource("names")
  void weightsSurviveTheGraphAndAnswersAreProbabilities(String name) {
    // Small images: the sizes between layers differ, the weights do not.
    int size = ArchitectureRegistry.describe(name).architecture().blocks().size() == 3 ? 8 : 32;
    ModelDescription model =
        ArchitectureRegistry.describe(name, Map.of(Knob.IMAGE_SIZE, Integer.toString(size)));
    if (ModelCost.of(model).trainableParams() > MANY) {
      return;
    }
    StateDict initial = InitialWeights.of(model, 3);
    ComputationGraph graph = ModelGraphs.build(model, GraphOptions.inference(), initial);
    assertThat(GraphWeights.read(graph, model)).isEqualTo(initial);
    INDArray answer = graph.outputSingle(Nd4j.rand(DataType.FLOAT, 1, 3, size, size));
    assertThat(answer.shape()).containsExactly(1, model.architecture().numClasses());
    assertThat(answer.sumNumber().doubleValue()).isCloseTo(1, within(1e-5));
  }

  @Test
  void buildsTheSameGraphFromTheSameSeed() {
    ModelDescription model = ArchitectureRegistry.describe("cdnv2");
    GraphOptions options = GraphOptions.inference();
    INDArray params = ModelGraphs.build(model, options).params();
    assertThat(ModelGraphs.build(model, options).params()).isEqualTo(params);
    GraphOptions other = new GraphOptions(1, options.dataType(), options.updater());
    assertThat(ModelGraphs.build(model, other).params()).isNotEqualTo(params);
  }

  @Test
  void takesOtherSizesAndClasses() {
    ModelDescription model =
        ArchitectureRegistry.describe(
            "cdnv2",
            Map.of(
                Knob.IMAGE_SIZE, "21",
                Knob.NUM_CLASSES, "3",
                Knob.FC_CHANNEL, "0",
                Knob.TRANS_FACTOR, "8"));
    ComputationGraph graph = ModelGraphs.build(model, GraphOptions.inference());
    assertThat(graph.outputSingle(Nd4j.rand(DataType.FLOAT, 1, 3, 21, 21)).shape())
        .containsExactly(1, 3);
  }
}
