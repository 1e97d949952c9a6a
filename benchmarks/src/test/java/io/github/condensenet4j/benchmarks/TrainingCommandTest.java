package io.github.condensenet4j.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.condensenet4j.core.json.JsonValue;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * That the sides learn alike and the comparison says what it should; never how fast anything is.
 */
class TrainingCommandTest {

  @Test
  void comparesEveryModelInBothStates() {
    assumeTrue(Files.exists(LibtorchProgram.jar()), "libtorch-peer is not packaged yet");

    // The comparison itself fails where the losses of the first steps differ.
    Run run =
        Run.of(
            "training --models cdnv2,condensenet --batch 4 --threads 1 --seconds 0.01 --format"
                + " json");

    assertThat(run.exitCode()).isZero();
    List<JsonValue> results = JsonValue.parse(run.out(), "results").list();
    assertThat(results)
        .extracting(result -> result.get("model").text() + " " + result.get("state").text())
        .containsExactly(
            "cdnv2 unpruned", "cdnv2 condensed", "condensenet unpruned", "condensenet condensed");
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
