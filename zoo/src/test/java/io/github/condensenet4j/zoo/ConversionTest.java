package io.github.condensenet4j.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.condensation.Condenser;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.core.tensor.Tensor;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

class ConversionTest {

  // Other orders of summing than PyTorch's differ by a few times what its own single precision
  // differs from double.
  private static final double ORDERS = 4;
  private static final double SINGLE_PRECISION = 1e-5;

  static Stream<ConversionReference> models() {
    return ConversionReference.all();
  }

  @ParameterizedTest
  @MethodSource("models")
  void condensedTensorsEqualTheOfficialOnesBitByBit(ConversionReference reference) {
    StateDict condensed =
        Condenser.condense(reference.model(), reference.trained(), Form.CONDENSED);
    StateDict official = reference.condensed();
    assertThat(condensed.names()).containsExactlyElementsOf(official.names());
    for (String name : condensed.names()) {
      assertThat(condensed.get(name)).as(name).isEqualTo(official.get(name));
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void logitsBeforeConversionAreTheOfficialOnes(ConversionReference reference) {
    ComputationGraph graph =
        ModelGraphs.build(reference.model(), GraphOptions.inference(), reference.trained());
    assertLogits(reference, graph, "logits_unconverted");
  }

  @ParameterizedTest
  @MethodSource("models")
  void logitsAfterConversionAreTheOfficialOnes(ConversionReference reference) {
    ModelDescription condensed = reference.model().as(Form.CONDENSED);
    StateDict weights = Condenser.condense(reference.model(), reference.trained(), Form.CONDENSED);
    ComputationGraph graph = ModelGraphs.build(condensed, GraphOptions.inference(), weights);
    assertLogits(reference, graph, "logits_converted");
  }

  @ParameterizedTest
  @MethodSource("models")
  void logitsWithAWholeClassifierAreThoseBeforeConversion(ConversionReference reference) {
    Form form = Form.CONDENSED_WHOLE_CLASSIFIER;
    if (reference.model().architecture().family().equals("condensenet")) {
      StateDict weights = Condenser.condense(reference.model(), reference.trained(), form);
      ComputationGraph graph =
          ModelGraphs.build(reference.model().as(form), GraphOptions.inference(), weights);
      assertLogits(reference, graph, "logits_condensed_conv_only");
    }
  }

  private static void assertLogits(
      ConversionReference reference, ComputationGraph graph, String name) {
    Map<String, Tensor> io = reference.io();
    INDArray expected = ConversionReference.array(io.get(name));
    INDArray logits = ModelGraphs.logits(graph, ConversionReference.array(io.get("x")));
    assertThat(difference(logits, expected))
        .as("%s of %s, largest %s", name, reference, expected.amaxNumber())
        .isLessThan(bound(reference, expected));
  }

  private static double bound(ConversionReference reference, INDArray expected) {
    Optional<JsonValue> spread = reference.manifest().find("float32_vs_float64");
    return spread
        .map(found -> ORDERS * found.get("max_abs_diff").number())
        .orElse(SINGLE_PRECISION * expected.amaxNumber().doubleValue());
  }

  @ParameterizedTest
  @MethodSource("models")
  void layersAnswerAsTheOfficialOnes(ConversionReference reference) {
    if (reference.activations().isEmpty()) {
      return;
    }
    ComputationGraph graph =
        ModelGraphs.build(reference.model(), GraphOptions.inference(), reference.trained());
    INDArray first =
        ConversionReference.array(reference.io().get("x")).get(NDArrayIndex.interval(0, 1));
    Map<String, INDArray> activations = graph.feedForward(first, false);
    int compared = 0;
    for (Map.Entry<String, Tensor> official : reference.activations().get().entrySet()) {
      INDArray ours = activations.get(vertex(reference.model(), official.getKey()));
      if (ours != null) {
        INDArray expected = ConversionReference.array(official.getValue());
        if (official.getKey().endsWith("norm_last")) {
          // The ReLU behind it is a module of its own officially, and part of the vertex here.
          expected = Transforms.relu(expected);
        }
        assertThat(difference(ours.reshape(expected.shape()), expected))
            .as(official.getKey())
            .isLessThan(SINGLE_PRECISION * expected.amaxNumber().doubleValue());
        compared++;
      }
    }
    assertThat(compared).isGreaterThanOrEqualTo(8);
  }

  /** The last layer of a block answers for the block. */
  private static String vertex(ModelDescription model, String official) {
    String name = official.replace("features.", "");
    return model.architecture().blocks().stream()
        .filter(block -> name.equals(block.name() + ".denselayer_" + block.layers().size()))
        .map(block -> block.name())
        .findFirst()
        .orElse(name);
  }

  private static double difference(INDArray ours, INDArray expected) {
    assertThat(ours.shape()).isEqualTo(expected.shape());
    return ours.sub(expected).amaxNumber().doubleValue();
  }
}
