package io.github.condensenet4j.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.core.json.JsonValue;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code data bench} of the jar. */
class DataBenchTest {

  @Test
  void tellsTheSpeedOfEveryStageForEachNumberOfThreads() {
    Jar.Answer answer =
        Jar.run(
            "data",
            "bench",
            "--data",
            Jar.SAMPLE,
            "-j",
            "2",
            "--seconds",
            "0.1",
            "--aa",
            "rand-m9-mstd0.5",
            "--format",
            "json");

    assertThat(answer.exitCode()).as(answer.log()).isZero();
    List<JsonValue> results = JsonValue.parse(answer.out(), "bench").get("results").list();
    assertThat(results)
        .extracting(result -> result.get("mode").text() + " " + result.get("threads").integer())
        .containsExactly("training 1", "training 2", "evaluation 1", "evaluation 2");
    assertThat(results)
        .allSatisfy(
            result -> {
              assertThat(result.get("augment").number()).isPositive();
              assertThat(result.get("batch").number()).isPositive();
              // CIFAR's images are in memory.
              assertThat(result.find("decode")).isEmpty();
            });
  }
}
