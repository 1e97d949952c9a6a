package io.github.condensenet4j.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.condensenet4j.core.IncompleteCondensationException;
import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.core.architecture.Knob;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.condensation.Condenser;
import io.github.condensenet4j.core.model.ModelFile;
import io.github.condensenet4j.core.model.ModelMetadata;
import io.github.condensenet4j.core.model.WeightsKind;
import io.github.condensenet4j.core.preprocessing.Preprocessing;
import io.github.condensenet4j.core.tensor.StateDict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

class ModelStoreTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"cdnv2", "converted_cdnv2", "condensenet", "converted_condensenet"})
  void whatIsSavedIsLoadedAgainHereAndByDeeplearning4j(String name) throws IOException {
    ModelDescription model =
        ArchitectureRegistry.describe(name, Map.of(Knob.STAGES, "1-2-1", Knob.IMAGE_SIZE, "8"));
    StateDict raw = InitialWeights.of(model, 1);
    StateDict ema = InitialWeights.of(model, 2);
    Path file = folder.resolve("model.zip");
    ModelStore.save(file, metadata(model), raw, Optional.of(ema));
    INDArray images = Nd4j.rand(DataType.FLOAT, 2, 3, 8, 8);
    try (ModelFile read = ModelFile.read(file)) {
      assertThat(read.metadata().model()).isEqualTo(model);
      assertThat(read.weights(WeightsKind.RAW)).isEqualTo(raw);
      assertThat(read.weights(WeightsKind.EMA)).isEqualTo(ema);
      ComputationGraph graph = ModelStore.load(read, WeightsKind.RAW, GraphOptions.inference());
      ComputationGraph stock = ModelSerializer.restoreComputationGraph(file.toFile());
      assertThat(stock.params()).isEqualTo(graph.params());
      assertThat(stock.outputSingle(images)).isEqualTo(graph.outputSingle(images));
    }
  }

  @Test
  void convertedFilesAreSmallerAndAnswerTheSame() throws IOException {
    ModelDescription model = ArchitectureRegistry.describe("cdnv2", Map.of(Knob.IMAGE_SIZE, "8"));
    StateDict complete = Condenser.complete(model, InitialWeights.of(model, 1));
    ComputationGraph trained = ModelGraphs.build(model, GraphOptions.inference(), complete);
    Converter.Conversion condensed = Converter.convert(trained, metadata(model), Form.CONDENSED);

    Path before = folder.resolve("trained.zip");
    Path after = folder.resolve("condensed.zip");
    ModelStore.save(before, trained, metadata(model));
    ModelStore.save(after, condensed.graph(), condensed.model().metadata());
    assertThat(Files.size(after)).isLessThan(Files.size(before));

    ConversionReport report =
        ConversionReport.of(
            model,
            trained,
            condensed.model().description(),
            condensed.graph(),
            List.of(batch(4, 1), batch(3, 2)).iterator());
    // Logits of an untrained network are below 1, and of single precision.
    assertThat(report.maxLogitDifference()).isLessThan(1e-5);
    assertThat(report.top1After()).isEqualTo(report.top1Before());
    assertThat(report.paramsBefore()).isEqualTo(215_002);
    assertThat(report.paramsAfter()).isEqualTo(117_562);
    assertThat(report.toJson().get("paramsAfter").longInteger()).isEqualTo(117_562);
  }

  @Test
  void reportsTheLargestDifferenceOfAllBatchesAndCountsTheirImages() {
    ModelDescription model =
        ArchitectureRegistry.describe("cdnv2", Map.of(Knob.STAGES, "1-1-1", Knob.IMAGE_SIZE, "8"));
    ComputationGraph one = ModelGraphs.build(model, GraphOptions.inference());
    ComputationGraph other =
        ModelGraphs.build(model, GraphOptions.inference(), InitialWeights.of(model, 2));
    List<DataSet> batches = List.of(batch(2, 1), batch(3, 2));
    List<ConversionReport> each = new ArrayList<>();
    for (DataSet batch : batches) {
      each.add(ConversionReport.of(model, one, model, other, List.of(batch).iterator()));
    }
    ConversionReport both = ConversionReport.of(model, one, model, other, batches.iterator());
    assertThat(both.maxLogitDifference())
        .isPositive()
        .isEqualTo(Math.max(each.get(0).maxLogitDifference(), each.get(1).maxLogitDifference()));
    assertThat(both.top1After() * 5)
        .isEqualTo(each.get(0).top1After() * 2 + each.get(1).top1After() * 3, within(1e-6));
    DataSet unlabelled = new DataSet(batches.get(0).getFeatures(), null);
    ConversionReport noLabels =
        ConversionReport.of(model, one, model, other, List.of(unlabelled).iterator());
    assertThat(noLabels.maxLogitDifference()).isEqualTo(each.get(0).maxLogitDifference());
    assertThat(noLabels.top1After()).isZero();
  }

  /** Images of noise, the first of class 0, the next of class 1, and so on. */
  private static DataSet batch(int images, int seed) {
    Nd4j.getRandom().setSeed(seed);
    INDArray labels = Nd4j.zeros(DataType.FLOAT, images, 10);
    for (int image = 0; image < images; image++) {
      labels.putScalar(image, image, 1);
    }
    return new DataSet(Nd4j.rand(DataType.FLOAT, images, 3, 8, 8), labels);
  }

  @Test
  void refusesToConvertWhatIsNotFullyCondensed() {
    ModelDescription model = ArchitectureRegistry.describe("cdnv2", Map.of(Knob.IMAGE_SIZE, "8"));
    ComputationGraph graph = ModelGraphs.build(model, GraphOptions.inference());
    assertThatThrownBy(() -> Converter.convert(graph, metadata(model), Form.CONDENSED))
        .isInstanceOf(IncompleteCondensationException.class)
        .hasMessageContaining("not fully condensed in 24 of 24 layers");
  }

  private static ModelMetadata metadata(ModelDescription model) {
    return ModelMetadata.of(model, Preprocessing.cifar10(model.architecture().imageSize()));
  }
}
