package io.github.condensenet4j.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.core.model.ModelFile;
import io.github.condensenet4j.fixtures.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run that is asked to end leaves a checkpoint; one that is killed leaves its last one.
 *
 * <p>The runs have a bound on their threads, so that a second process does the work: what reaches
 * only the first one, as here, must reach the second one as well.
 */
class InterruptionTest {

  @TempDir private Path folder;

  @Test
  void endsWithACheckpointWhenAskedTo() throws Exception {
    Path run = folder.resolve("run");
    Path log = folder.resolve("log");
    Process process = Jar.start(log, training(run, 2000));
    awaitLine(log, "epoch 2/2000");

    // On Unix the signal that a terminal's closing and most supervisors send.
    process.destroy();

    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isNotZero();
    assertThat(Files.readString(log)).contains("stopped, go on with --resume");
    // Reading checks every sum in the file.
    try (ModelFile model = ModelFile.read(run.resolve("last.zip"))) {
      assertThat(model.metadata().model().name()).isEqualTo("cdnv2");
    }
  }

  @Test
  void goesOnToTheSameBitsAfterItWasKilled() throws Exception {
    Path whole = folder.resolve("whole");
    Path killed = folder.resolve("killed");
    assertThat(Jar.run(training(whole, 30)).exitCode()).isZero();
    Path log = folder.resolve("log");
    Process process = Jar.start(log, training(killed, 30));
    awaitLine(log, "epoch 4/30");
    process.destroyForcibly().waitFor();

    List<Object> again = new ArrayList<>(List.of(training(killed, 30)));
    again.add("--resume");
    Jar.Answer answer = Jar.run(again.toArray());

    assertThat(answer.exitCode()).as(answer.log()).isZero();
    assertThat(killed.resolve("steps.csv")).hasSameTextualContentAs(whole.resolve("steps.csv"));
  }

  private Object[] training(Path run, int epochs) throws IOException {
    List<Object> args = new ArrayList<>(List.of("train", "--model", "cdnv2", "--threads", 1));
    args.addAll(Jar.TINY);
    args.addAll(List.of("--data", trainingImages(), "--output", run, "--epochs", epochs));
    args.addAll(
        List.of("--batches-per-epoch", 2, "--batch-size", 8, "--lr", 0.05, "--warmup-epochs", 0));
    args.addAll(List.of("--checkpoint-every", 1, "--log-steps"));
    return args.toArray();
  }

  /** Without images to evaluate with an epoch takes no longer than its steps. */
  private Path trainingImages() throws IOException {
    Path data = Files.createDirectories(folder.resolve("data"));
    Path batch = Reference.repository().resolve(Jar.SAMPLE).resolve("data_batch_1.bin");
    Files.copy(batch, data.resolve("data_batch_1.bin"), StandardCopyOption.REPLACE_EXISTING);
    return data;
  }

  private static void awaitLine(Path log, String text) throws IOException, InterruptedException {
    long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (!Files.exists(log) || !Files.readString(log).contains(text)) {
      assertThat(System.nanoTime()).as("no '" + text + "' in the log").isLessThan(end);
      Thread.sleep(100);
    }
  }
}
