package io.github.condensenet4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.condensation.Condenser;
import io.github.condensenet4j.core.model.ModelFile;
import io.github.condensenet4j.core.model.WeightsKind;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.training.log.StepRecord;
import io.github.condensenet4j.zoo.InitialWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that trains the classifier alone. */
class FrozenFeaturesTest {

  @TempDir private Path folder;

  private static StateDict trained() {
    return Condenser.complete(TinyRun.model(), InitialWeights.of(TinyRun.model(), 5));
  }

  // Of three equal numbers the average need not be the same number.
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void changesTheClassifierAndNothingElse(int workers) {
    StateDict before = trained();
    TrainingResult result =
        TinyRun.trainer(TinyRun.options().workers(workers), folder)
            .init(before)
            .freezeFeatures()
            .run();

    assertThat(result.epochs().get(0).keptFraction()).isEqualTo(0.25);
    try (ModelFile file = ModelFile.read(result.last())) {
      for (WeightsKind kind : WeightsKind.values()) {
        StateDict after = file.weights(kind);
        for (String name : before.names()) {
          boolean isClassifier = name.startsWith("classifier.");
          assertThat(after.get(name).equals(before.get(name)))
              .as(kind + " " + name)
              .isEqualTo(!isClassifier);
        }
      }
    }
  }

  @Test
  void doesNotDropConnectionsThatAreLeft() {
    StateDict before = InitialWeights.of(TinyRun.model(), 5);
    TrainingResult result =
        TinyRun.trainer(TinyRun.options(), folder).init(before).freezeFeatures().run();

    assertThat(result.epochs().get(2).keptFraction()).isEqualTo(1);
  }

  @Test
  void resumesFrozenToTheSameBits() throws IOException {
    Path whole = folder.resolve("whole");
    Path parts = folder.resolve("parts");
    TinyRun.trainer(TinyRun.options(), whole).init(trained()).freezeFeatures().run();
    Trainer stopped = TinyRun.trainer(TinyRun.options(), parts).init(trained()).freezeFeatures();
    stopped
        .progress(
            new TrainingProgress() {
              @Override
              public void step(StepRecord step, double imagesPerSecond) {
                if (step.step() == 4) {
                  stopped.stop();
                }
              }
            })
        .run();
    TrainingOptions.Builder resuming = TinyRun.options().existingRun(ExistingRun.RESUME);
    assertThatThrownBy(() -> TinyRun.trainer(resuming, parts).init(trained()).run())
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("frozen features was true and is not set");
    TinyRun.trainer(resuming, parts).init(trained()).freezeFeatures().run();

    assertThat(Files.mismatch(parts.resolve("last.zip"), whole.resolve("last.zip"))).isEqualTo(-1);
  }

  @Test
  void leavesAFileForDeeplearning4j() throws IOException {
    TrainingResult result =
        TinyRun.trainer(TinyRun.options().epochs(1), folder).init(trained()).freezeFeatures().run();

    ComputationGraph graph = ModelSerializer.restoreComputationGraph(result.last().toFile(), false);
    try (ModelFile file = ModelFile.read(result.last())) {
      assertThat(graph.params().toFloatVector()).isEqualTo(file.coefficients(WeightsKind.RAW));
    }
  }
}
