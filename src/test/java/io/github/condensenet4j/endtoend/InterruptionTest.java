package io.github.condensenet4j.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that is asked to end leaves a checkpoint; one that is killed leaves its last one. */
class InterruptionTest {

  @TempDir private Path folder;

  /** With a bound on the threads the work is done by a second process. */
  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"--seed=1", "--threads=1"})
  void endsWithACheckpointWhenAskedTo(String option) throws Exception {
    Path run = folder.resolve("run");
    Path log = folder.resolve("log");
    Process process = Jar.start(log, training(run, 200, option));
    awaitLine(log, "epoch 2/200");

    // On Unix the signal that a terminal's closing and most supervisors send.
    process.destroy();

    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isNotZero();
    assertThat(run.resolve("last.zip")).exists();
    assertThat(Jar.run("evaluate", run.resolve("last.zip"), "--data", Jar.SAMPLE).exitCode())
        .isZero();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"--seed=1", "--threads=1"})
  void goesOnToTheSameBitsAfterItWasKilled(String option) throws Exception {
    Path whole = folder.resolve("whole");
    Path killed = folder.resolve("killed");
    assertThat(Jar.run(training(whole, 12, option)).exitCode()).isZero();
    Path log = folder.resolve("log");
    Process process = Jar.start(log, training(killed, 12, option));
    awaitLine(log, "epoch 4/12");
    process.destroyForcibly().waitFor();

    List<Object> again = new ArrayList<>(List.of(training(killed, 12, option)));
    again.add("--resume");
    Jar.Answer answer = Jar.run(again.toArray());

    assertThat(answer.exitCode()).as(answer.log()).isZero();
    assertThat(killed.resolve("steps.csv")).hasSameTextualContentAs(whole.resolve("steps.csv"));
  }

  private static Object[] training(Path run, int epochs, String option) {
    List<Object> args = new ArrayList<>(List.of("train", "--model", "cdnv2", option));
    args.addAll(Jar.TINY);
    args.addAll(List.of("--data", Jar.SAMPLE, "--output", run, "--epochs", epochs));
    args.addAll(
        List.of("--batches-per-epoch", 2, "--batch-size", 8, "--lr", 0.05, "--warmup-epochs", 0));
    args.addAll(List.of("--checkpoint-every", 1, "--log-steps"));
    return args.toArray();
  }

  private static void awaitLine(Path log, String text) throws IOException, InterruptedException {
    long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (!Files.exists(log) || !Files.readString(log).contains(text)) {
      assertThat(System.nanoTime()).as("no '" + text + "' in the log").isLessThan(end);
      Thread.sleep(100);
    }
  }
}
