package io.github.condensenet4j.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.core.architecture.Knob;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.condensation.Condenser;
import io.github.condensenet4j.core.metrics.Logits;
import io.github.condensenet4j.core.model.CondensedModel;
import io.github.condensenet4j.core.model.ModelMetadata;
import io.github.condensenet4j.core.model.RandomModel;
import io.github.condensenet4j.core.preprocessing.Preprocessing;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.engine.CompiledModel;
import io.github.condensenet4j.engine.EngineOptions;
import io.github.condensenet4j.kernels.KernelProvider;
import io.github.condensenet4j.kernels.Kernels;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The engine answers what the converted graph answers; every registered network gets this test by
 * being registered.
 */
class EngineParityTest {

  /** What is asked of both; sums in another order come about a tenth as close. */
  private static final double SHARE_OF_RANGE = 1e-4;

  /** Images at once: not a whole number of any vector. */
  private static final int IMAGES = 3;

  static Stream<String> names() {
    return ArchitectureRegistry.names().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void answersAsTheGraphOfEveryRegisteredNetwork(String name) {
    // Last blocks of 5×5 and, halved from 5×5, 2×2 pixels; the weights do not depend on it.
    boolean isSmall = ArchitectureRegistry.get(name).blocks().size() == 3;
    Map<Knob, String> size =
        isSmall
            ? Map.of(Knob.IMAGE_SIZE, "20")
            : Map.of(Knob.IMAGE_SIZE, "80", Knob.INIT_STRIDE, "2");
    CondensedModel model = RandomModel.condensed(ArchitectureRegistry.describe(name, size));
    ComputationGraph graph =
        ModelGraphs.build(model.description(), GraphOptions.inference(), model.weights());
    assertAnswersAs(graph, model, images(model.description()));
  }

  @ParameterizedTest
  @CsvSource({
    "cdnv2, CONDENSED",
    "condensenet, CONDENSED",
    "condensenet, CONDENSED_WHOLE_CLASSIFIER"
  })
  void answersAsTheGraphThatTheConverterMade(String name, Form form) {
    ModelDescription model = ArchitectureRegistry.describe(name);
    StateDict pruned = Condenser.complete(model, InitialWeights.of(model, 5));
    ComputationGraph trained = ModelGraphs.build(model, GraphOptions.inference(), pruned);
    ModelMetadata metadata = ModelMetadata.of(model, Preprocessing.cifar10(32));
    Converter.Conversion converted = Converter.convert(trained, metadata, form);
    assertAnswersAs(converted.graph(), converted.model(), images(model));
  }

  static Stream<ConversionReference> references() {
    return ConversionReference.all();
  }

  @ParameterizedTest
  @MethodSource("references")
  void answersAsTheGraphOfOfficialConvertedModels(ConversionReference reference) {
    ModelDescription condensed = reference.model().as(Form.CONDENSED);
    INDArray images = ConversionReference.array(reference.io().get("x"));
    CondensedModel model =
        new CondensedModel(
            condensed,
            reference.condensed(),
            ModelMetadata.of(condensed, Preprocessing.cifar10((int) images.size(2))));
    ComputationGraph graph =
        ModelGraphs.build(condensed, GraphOptions.inference(), model.weights());
    assertAnswersAs(graph, model, images);
  }

  private static INDArray images(ModelDescription model) {
    int size = model.architecture().imageSize();
    Nd4j.getRandom().setSeed(7);
    return Nd4j.randn(DataType.FLOAT, IMAGES, 3, size, size);
  }

  private static void assertAnswersAs(
      ComputationGraph graph, CondensedModel model, INDArray images) {
    float[] expected = ModelGraphs.logits(graph, images).dup('c').data().asFloat();
    float[] pixels = images.dup('c').data().asFloat();
    for (Kernels kernels : new Kernels[] {KernelProvider.fastest(), KernelProvider.plain()}) {
      try (CompiledModel compiled = CompiledModel.compile(model, new EngineOptions(2, kernels))) {
        float[] found = compiled.logits(pixels, (int) images.size(2), (int) images.size(3));
        assertThat(Logits.largestDifference(found, expected))
            .as("%s: largest difference as a share of the range", kernels.description())
            .isLessThan(SHARE_OF_RANGE);
      }
    }
  }
}
