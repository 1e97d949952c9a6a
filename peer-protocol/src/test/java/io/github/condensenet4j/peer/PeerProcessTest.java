package io.github.condensenet4j.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.process.JavaProcess;
import io.github.condensenet4j.core.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerProcessTest {

  @TempDir private Path folder;

  private final PeerProcess process =
      PeerProcess.start(
          "counting", JavaProcess.commandOfOther(CountingProgram.class, List.of()), Map.of());

  @AfterEach
  void end() {
    process.close();
  }

  private PeerTask task(int threads) {
    Path batch = folder.resolve("batch.npz");
    PeerTask.writeBatch(
        batch, Tensor.ofFloats(new float[24], 2, 3, 2, 2), Tensor.ofLongs(new long[2], 2));
    return new PeerTask(
        PeerTask.Kind.TRAINING,
        ArchitectureRegistry.describe("cdnv2"),
        folder.resolve("weights.npz"),
        batch,
        threads,
        "by one");
  }

  @Test
  void computesWhatItIsAskedTo() {
    assertThat(process.variants(PeerTask.Kind.INFERENCE)).containsExactly("by one", "inference");
    try (PeerProcess.Opened one = process.open(task(1));
        PeerProcess.Opened other = process.open(task(1).as("by two"))) {
      assertThat(one.millis(5)).isNotNegative();
      other.millis(2);

      assertThat(one.answer()).containsExactly(5, 2, 10);
      assertThat(other.answer()).containsExactly(2, 2, 10);
    }
    if (Files.exists(Path.of("/proc/self/status"))) {
      assertThat(process.peakBytes()).isGreaterThan(1 << 20);
    }
  }

  @Test
  void saysWhatWentWrongAndGoesOn() {
    assertThatThrownBy(() -> process.open(task(0)))
        .isInstanceOf(CondenseNetException.class)
        .hasMessage("counting failed: nobody counts with 0 threads");
    try (PeerProcess.Opened opened = process.open(task(1))) {
      assertThat(opened.answer()).startsWith(0);
    }
  }

  @Test
  void noticesThatTheProcessHasEnded() {
    assertThatThrownBy(() -> process.open(task(1).as(CountingProgram.DIES)))
        .isInstanceOf(CondenseNetException.class)
        .hasMessageContaining("the process of counting has ended");
  }

  @Test
  void refusesAProgramThatIsNotThere() {
    assertThatThrownBy(() -> PeerProcess.start("nobody", List.of("/no/such/program"), Map.of()))
        .isInstanceOf(CondenseNetException.class)
        .hasMessageContaining("the process of nobody cannot be started");
  }
}
