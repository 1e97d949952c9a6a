package io.github.condensenet4j.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumeAfterKillTest {

  private static final int EPOCHS = 12;

  @TempDir Path folder;

  private static TrainingOptions.Builder options() {
    return TinyRun.options().epochs(EPOCHS).workers(2).checkpointEvery(3);
  }

  /** Trains in a program of its own, which the test kills. */
  public static void main(String[] arguments) {
    TinyRun.trainer(options(), Path.of(arguments[0])).run();
  }

  @Test
  void continuesToTheSameBitsAfterItsProgramWasKilledWithinAnEpoch() throws Exception {
    Path killed = folder.resolve("killed");
    trainAndKillAfter(killed, 14);
    List<String> before = Files.readAllLines(killed.resolve("steps.csv"));
    assertThat(before.size()).isBetween(14, EPOCHS * 4);
    Path whole = folder.resolve("whole");
    TinyRun.trainer(options(), whole).run();

    TinyRun.trainer(options().existingRun(ExistingRun.RESUME), killed).run();

    TrainerTest.assertSameBits(killed.resolve("last.zip"), whole.resolve("last.zip"));
    TrainerTest.assertSameBits(killed.resolve("best.zip"), whole.resolve("best.zip"));
    assertThat(killed.resolve("steps.csv")).hasSameTextualContentAs(whole.resolve("steps.csv"));
    assertThat(Files.readAllLines(killed.resolve("metrics.csv"))).hasSize(1 + EPOCHS);
  }

  private static void trainAndKillAfter(Path run, int rows)
      throws IOException, InterruptedException {
    Process training =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                // The same arithmetic as here, or the bits would differ.
                "--add-modules",
                ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
                    ? "jdk.incubator.vector"
                    : "java.base",
                "-cp",
                System.getProperty("java.class.path"),
                ResumeAfterKillTest.class.getName(),
                run.toString())
            .redirectErrorStream(true)
            .redirectOutput(new File(run + ".log"))
            .start();
    Path steps = run.resolve("steps.csv");
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
    while (!Files.exists(steps) || Files.readAllLines(steps).size() < rows) {
      assertThat(training.isAlive()).as(() -> log(run)).isTrue();
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(5);
    }
    // SIGKILL: nothing in the program gets to know of it.
    training.destroyForcibly().waitFor();
  }

  private static String log(Path run) {
    try {
      return Files.readString(Path.of(run + ".log"));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
