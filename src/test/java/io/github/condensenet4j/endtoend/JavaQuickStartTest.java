package io.github.condensenet4j.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.core.architecture.Knob;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.metrics.Logits;
import io.github.condensenet4j.core.model.ModelFile;
import io.github.condensenet4j.core.model.WeightsKind;
import io.github.condensenet4j.core.preprocessing.Preprocessing;
import io.github.condensenet4j.fixtures.Reference;
import io.github.condensenet4j.images.Normalization;
import io.github.condensenet4j.pipelines.CifarDataset;
import io.github.condensenet4j.pipelines.CifarFormat;
import io.github.condensenet4j.pipelines.EvaluationBatches;
import io.github.condensenet4j.training.Trainer;
import io.github.condensenet4j.training.TrainingData;
import io.github.condensenet4j.training.TrainingOptions;
import io.github.condensenet4j.training.TrainingResult;
import io.github.condensenet4j.zoo.Converter;
import io.github.condensenet4j.zoo.GraphOptions;
import io.github.condensenet4j.zoo.ModelGraphs;
import io.github.condensenet4j.zoo.ModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The README's Java quick start: it runs, and the README shows exactly what runs here. */
class JavaQuickStartTest {

  private static final String BEGIN = "    // Quick start.\n";
  private static final String END = "    // End of the quick start.\n";

  @TempDir private Path folder;

  @Test
  void describesTrainsConvertsLoadsAndPredicts() {
    Path sample = Reference.repository().resolve("examples/cifar10-sample");
    // Quick start.
    // Describe: a network by its name in the registry, with some knobs turned.
    ModelDescription network =
        ArchitectureRegistry.describe("cdnv2", Map.of(Knob.STAGES, "1-1-1", Knob.GROWTH, "8-8-16"));

    // Train: images, recipe, folder of the run.
    Preprocessing preprocessing = Preprocessing.cifar10(32);
    Normalization normalization = Normalization.of(preprocessing.mean(), preprocessing.std());
    CifarDataset training = CifarDataset.train(sample, CifarFormat.CIFAR10, normalization);
    CifarDataset test = CifarDataset.test(sample, CifarFormat.CIFAR10, normalization);
    TrainingData data =
        new TrainingData(
            training,
            training.standardAugmentation(),
            true, // shuffled
            Optional.of(test),
            preprocessing,
            1); // thread that reads ahead
    TrainingOptions recipe =
        TrainingOptions.builder().epochs(2).batchSize(50).lr(0.1).warmupEpochs(0).build();
    TrainingResult run = new Trainer(network, data, recipe, folder.resolve("run")).run();

    // Convert: only the connections that training has left.
    Path converted = folder.resolve("converted.zip");
    try (ModelFile file = ModelFile.read(run.last())) {
      ComputationGraph trained = ModelStore.load(file, WeightsKind.EMA, GraphOptions.inference());
      Converter.Conversion conversion = Converter.convert(trained, file.metadata(), Form.CONDENSED);
      ModelStore.save(converted, conversion.graph(), conversion.model().metadata());
    }

    // Load and predict: class names of the first test images.
    try (ModelFile file = ModelFile.read(converted);
        EvaluationBatches batches = new EvaluationBatches(test, 4, 1)) {
      ComputationGraph graph =
          ModelStore.load(file, file.defaultWeights(), GraphOptions.inference());
      INDArray logits = ModelGraphs.logits(graph, batches.next().getFeatures());
      for (float[] scores : logits.toFloatMatrix()) {
        System.out.println(file.metadata().classNames().get(Logits.best(scores)));
      }
    }
    // End of the quick start.

    assertThat(run.finished()).isTrue();
    assertThat(converted).exists();
  }

  @Test
  void isWhatTheReadmeShows() throws IOException {
    String source =
        Files.readString(
            Reference.repository()
                .resolve("src/test/java/io/github/condensenet4j/endtoend/JavaQuickStartTest.java"));
    String code = source.substring(source.indexOf(BEGIN) + BEGIN.length(), source.indexOf(END));
    // Without the last line break, or an empty last line would have no indent to strip.
    String shown = code.stripTrailing().stripIndent() + "\n";

    assertThat(Files.readString(Reference.repository().resolve("README.md")))
        .contains("```java\n" + shown + "```");
  }
}
