package io.github.condensenet4j.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.core.json.JsonValue;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That the comparison runs and says what it should; never how fast anything is. */
class InferenceCommandTest {

  private record Run(int exitCode, String out) {}

  private static Run run(String line) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int exitCode = Main.run(line.split(" "), new PrintStream(out, true, StandardCharsets.UTF_8));
    return new Run(exitCode, out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void comparesEveryModelBatchAndNumberOfThreads() {
    Run run =
        run(
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

  @Test
  void printsALineForEachCase() {
    Run run = run("inference --models cdnv2 --batch 2 --threads 2 --seconds 0.01");

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
    "inferense"
  })
  void refusesWrongUsage(String line) {
    Run run = run(line);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
  }
}
