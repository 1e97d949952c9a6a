package io.github.condensenet4j.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.condensenet4j.core.json.JsonValue;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** That the comparison runs and says what it should; never how fast anything is. */
class InferenceCommandTest {

  @Test
  void comparesEveryModelBatchAndNumberOfThreads() {
    Run run =
        Run.of(
            "inference --models cdnv2,converted_condensenet --batch 1,3 --threads 1 --seconds 0.01"
                + " --format json");

    assertThat(run.exitCode()).isZero();
    List<JsonValue> results = JsonValue.parse(run.out(), "results").list();
    assertThat(results)
        .extracting(result -> result.get("model").text() + " " + result.get("batch").integer())
        .containsExactly("cdnv2 1", "cdnv2 3", "condensenet 1", "condensenet 3");
    for (JsonValue result : results) {
      assertThat(result.keys())
          .containsExactly(
              "model",
              "batch",
              "threads",
              "engineMillis",
              "peerMillis",
              "peerGraph",
              "ratio",
              "ratioMin",
              "ratioMax");
      assertThat(result.get("peerGraph").text()).isIn("grouped", "dense");
      assertThat(result.get("ratio").number())
          .isBetween(result.get("ratioMin").number(), result.get("ratioMax").number())
          .isEqualTo(result.get("peerMillis").number() / result.get("engineMillis").number());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"libtorch", "all"})
  void comparesWithLibtorch(String peer) {
    assumeTrue(Files.exists(LibtorchProgram.jar()), "libtorch-peer is not packaged yet");

    Run run =
        Run.of(
            "inference --models cdnv2 --batch 2 --threads 1 --seconds 0.01 --format json --peer "
                + peer);

    assertThat(run.exitCode()).isZero();
    JsonValue result = JsonValue.parse(run.out(), "results").list().get(0);
    assertThat(result.get("peerGraph").text())
        .matches(peer.equals("all") ? "grouped|dense|libtorch .*" : "libtorch .*");
  }

  @Test
  void printsALineForEachCase() {
    Run run = Run.of("inference --models cdnv2 --batch 2 --threads 2 --seconds 0.01");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("kernels:").hasLineCount(3);
  }

  @ParameterizedTest
  @CsvSource({
    "inference --models cdnv2_x",
    "inference --batch 0",
    "inference --threads two",
    "inference --seconds 0",
    "inference --format xml",
    "inference --peer tensorflow",
    "training --models cdnv2_x",
    "training --batch 0",
    "training --threads 0",
    "training --seconds 0",
    "training --format xml",
    "inferense"
  })
  void refusesWrongUsage(String line) {
    Run run = Run.of(line);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
  }
}
