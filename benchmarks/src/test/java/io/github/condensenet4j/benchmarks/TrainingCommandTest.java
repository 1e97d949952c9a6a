package io.github.condensenet4j.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.architecture.Knob;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.peer.PeerProcess;
import io.github.condensenet4j.peer.PeerTask;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * That the sides learn alike and the comparison says what it should; never how fast anything is.
 */
class TrainingCommandTest {

  // Shallow networks: in deep ones every rounding grows from step to step.
  private static final double ROUNDING = 1e-4;

  @BeforeAll
  static void needsThePeer() {
    assumeTrue(Files.exists(LibtorchProgram.jar()), "libtorch-peer is not packaged yet");
  }

  @ParameterizedTest
  @CsvSource({"cdnv2, UNPRUNED", "cdnv2, CONDENSED", "condensenet, CONDENSED"})
  void losesStepByStepWhatLibtorchLoses(String name, TrainingState state) {
    ModelDescription model = ArchitectureRegistry.describe(name, Map.of(Knob.STAGES, "2-2-2"));
    try (TaskFiles files = new TaskFiles();
        PeerProcess own = TrainingComparison.startOwn(1);
        PeerProcess libtorch = LibtorchProgram.start(1)) {
      PeerTask task =
          files.task(
              PeerTask.Kind.TRAINING,
              model,
              state.weights(model),
              RandomNetwork.images(4, model.architecture().imageSize()),
              4,
              1);
      String variant = libtorch.variants(PeerTask.Kind.TRAINING).get(0);
      try (PeerProcess.Opened ownSteps = own.open(task);
          PeerProcess.Opened peerSteps = libtorch.open(task.as(variant))) {
        for (int step = 0; step < 6; step++) {
          assertThat(ownSteps.answer()[0])
              .isCloseTo(peerSteps.answer()[0], within((float) ROUNDING));
        }
      }
    }
  }

  @Test
  void comparesBothStates() {
    Run run = Run.of("training --models cdnv2 --batch 4 --threads 1 --seconds 0.01 --format json");

    assertThat(run.exitCode()).isZero();
    List<JsonValue> results = JsonValue.parse(run.out(), "results").list();
    assertThat(results)
        .extracting(result -> result.get("model").text() + " " + result.get("state").text())
        .containsExactly("cdnv2 unpruned", "cdnv2 condensed");
    for (JsonValue result : results) {
      assertThat(result.keys())
          .containsExactly(
              "model",
              "batch",
              "state",
              "ownMillis",
              "peerMillis",
              "ratio",
              "ratioMin",
              "ratioMax",
              "ownPeakBytes",
              "peerPeakBytes");
      assertThat(result.get("batch").integer()).isEqualTo(4);
      assertThat(result.get("ratio").number())
          .isBetween(result.get("ratioMin").number(), result.get("ratioMax").number())
          .isEqualTo(result.get("peerMillis").number() / result.get("ownMillis").number());
    }
  }
}
