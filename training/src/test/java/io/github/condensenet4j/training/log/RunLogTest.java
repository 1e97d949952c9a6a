package io.github.condensenet4j.training.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.training.evaluation.EvaluationResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLogTest {

  @TempDir Path folder;

  static StepRecord step(long number) {
    return new StepRecord(
        number, (int) number / 4, (int) number % 4, number / 12.0, 0.1 / 3, Math.PI, 0.75);
  }

  static EpochRecord epoch(int number, boolean evaluated) {
    Optional<EvaluationResult> result =
        evaluated
            ? Optional.of(new EvaluationResult(61.5 + number, 97.25, 1.0 / 3, 0, 0, List.of()))
            : Optional.empty();
    return new EpochRecord(
        number, 0.05, 2.0 / 3, result, Optional.empty(), 0.5, 12.5, 321.0, 0.25, 2);
  }

  @Test
  void writesTheColumnsThatProgramsRelyOn() throws IOException {
    try (RunLog log = RunLog.open(folder, 0, 0, true)) {
      log.add(step(0));
    }

    assertThat(Files.readAllLines(folder.resolve("steps.csv")))
        .containsExactly(
            "step,epoch,batch,progress,lr,loss,keptFraction",
            "0,0,0,0.0,0.03333333333333333,3.141592653589793,0.75");
  }

  @Test
  void keepsEveryDigitOnTheWayToTheFileAndBack() {
    try (RunLog log = RunLog.open(folder, 0, 0, true)) {
      log.add(step(7));
      log.add(epoch(3, true));
      log.add(epoch(4, false));
    }
    try (RunLog log = RunLog.open(folder, 100, 100, true)) {
      assertThat(log.steps()).containsExactly(step(7));
      assertThat(log.epochs()).containsExactly(epoch(3, true), epoch(4, false));
    }
  }

  @Test
  void holdsEachRowOnceAfterARunIsTakenUpAgain() {
    try (RunLog log = RunLog.open(folder, 0, 0, true)) {
      for (int i = 0; i < 10; i++) {
        log.add(step(i));
      }
      log.add(epoch(0, true));
      log.add(epoch(1, true));
    }
    try (RunLog log = RunLog.open(folder, 1, 6, true)) {
      log.add(step(6));
      log.add(epoch(1, false));

      assertThat(log.steps())
          .extracting(StepRecord::step)
          .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L);
      assertThat(log.epochs()).containsExactly(epoch(0, true), epoch(1, false));
    }
  }

  @Test
  void passesOverARowThatWasCutOff() throws IOException {
    try (RunLog log = RunLog.open(folder, 0, 0, true)) {
      log.add(step(0));
      log.add(step(1));
    }
    Files.writeString(folder.resolve("steps.csv"), "2,0,2,0.1", StandardOpenOption.APPEND);

    try (RunLog log = RunLog.open(folder, 0, 5, true)) {
      assertThat(log.steps()).hasSize(2);
      log.add(step(2));
    }
    assertThat(Files.readAllLines(folder.resolve("steps.csv"))).hasSize(4);
  }

  @Test
  void goesOnWithTheStepsThatWereBegun() {
    try (RunLog log = RunLog.open(folder, 0, 0, true)) {
      log.add(step(0));
    }
    try (RunLog log = RunLog.open(folder, 0, 1, false)) {
      log.add(step(1));
      assertThat(log.steps()).hasSize(2);
    }
  }

  @Test
  void writesNoStepsUnlessTheyAreWanted() {
    try (RunLog log = RunLog.open(folder, 0, 0, false)) {
      log.add(step(0));
      assertThat(log.steps()).isEmpty();
    }
    assertThat(folder.resolve("steps.csv")).doesNotExist();
  }
}
