package io.github.condensenet4j.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.architecture.Knob;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.condensation.Condenser;
import io.github.condensenet4j.core.tensor.StateDict;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** Deeplearning4j's own way to other classes works on these graphs. */
class TransferLearningTest {

  private static final int CLASSES = 4;
  private static final int IMAGES = 6;

  private static ModelDescription model(String name) {
    return ArchitectureRegistry.describe(
        name, Map.of(Knob.STAGES, "1-1-1", Knob.GROWTH, "8-8-8", Knob.IMAGE_SIZE, "8"));
  }

  private static ComputationGraph trained(ModelDescription model) {
    return ModelGraphs.build(
        model,
        new GraphOptions(1, DataType.FLOAT, new Sgd(0.1)),
        Condenser.complete(model, InitialWeights.of(model, 1)));
  }

  private static TransferLearning.GraphBuilder transfer(ComputationGraph trained) {
    return new TransferLearning.GraphBuilder(trained)
        .fineTuneConfiguration(
            new FineTuneConfiguration.Builder().updater(new Sgd(0.1)).seed(3).build());
  }

  private static DataSet images() {
    Nd4j.getRandom().setSeed(2);
    INDArray labels = Nd4j.zeros(IMAGES, CLASSES);
    for (int i = 0; i < IMAGES; i++) {
      labels.putScalar(i, i % CLASSES, 1);
    }
    return new DataSet(Nd4j.randn(IMAGES, 3, 8, 8), labels);
  }

  @ParameterizedTest(name = "{0} up to {1}")
  @CsvSource({"condensenet, pool_last", "cdnv2, fc_act"})
  void keepsFrozenFeaturesAndLearnsOtherClasses(String name, String lastFeature) {
    ModelDescription model = model(name);
    ComputationGraph before = trained(model);
    ComputationGraph graph =
        transfer(before)
            .setFeatureExtractor(lastFeature)
            .nOutReplace(ModelGraphs.LOGITS, CLASSES, WeightInit.XAVIER)
            .build();
    INDArray classifier = graph.getLayer(ModelGraphs.LOGITS).getParam("W").dup();
    DataSet images = images();
    double first = graph.score(images);
    for (int step = 0; step < 10; step++) {
      graph.fit(images);
    }

    assertThat(graph.score(images)).isLessThan(first);
    assertThat(graph.outputSingle(images.getFeatures()).shape()).containsExactly(IMAGES, CLASSES);
    assertThat(graph.getLayer(ModelGraphs.LOGITS).getParam("W")).isNotEqualTo(classifier);
    StateDict features = GraphWeights.read(before, model);
    StateDict after = GraphWeights.read(graph, withClasses(model));
    for (String tensor : features.names()) {
      if (!tensor.startsWith("classifier.")) {
        assertThat(after.get(tensor)).as(tensor).isEqualTo(features.get(tensor));
      }
    }
  }

  @Test
  void trainsFeaturesOnWithTheirMasks() {
    ModelDescription model = model("cdnv2");
    ComputationGraph before = trained(model);
    ComputationGraph graph =
        transfer(before).nOutReplace(ModelGraphs.LOGITS, CLASSES, WeightInit.XAVIER).build();
    DataSet images = images();
    for (int step = 0; step < 3; step++) {
      graph.fit(images);
    }

    StateDict features = GraphWeights.read(before, model);
    StateDict after = GraphWeights.read(graph, withClasses(model));
    for (String tensor : features.names()) {
      if (tensor.endsWith("_mask") || tensor.endsWith("_count") || tensor.endsWith("_stage")) {
        assertThat(after.get(tensor)).as(tensor).isEqualTo(features.get(tensor));
      }
    }
    String weight = "features.denseblock_1.denselayer_1.conv_1.conv.weight";
    assertThat(after.get(weight)).isNotEqualTo(features.get(weight));
  }

  private static ModelDescription withClasses(ModelDescription model) {
    return new ModelDescription(
        model.name(),
        model.architecture().with(Map.of(Knob.NUM_CLASSES, Integer.toString(CLASSES))),
        model.form());
  }
}
