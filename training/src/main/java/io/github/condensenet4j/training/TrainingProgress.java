package io.github.condensenet4j.training;

import io.github.condensenet4j.training.evaluation.EvaluationResult;
import io.github.condensenet4j.training.log.EpochRecord;
import io.github.condensenet4j.training.log.StepRecord;
import java.nio.file.Path;

/**
 * Follows a run, to show it. All methods are called on the thread of {@link Trainer#run()}, which
 * waits for them.
 */
public interface TrainingProgress {

  /** Shows nothing. */
  TrainingProgress NONE = new TrainingProgress() {};

  /** The run begins, or goes on. */
  default void started(TrainingPlan plan) {}

  /**
   * A step is done.
   *
   * @param step what it brought
   * @param imagesPerSecond images trained a second, lately
   */
  default void step(StepRecord step, double imagesPerSecond) {}

  /**
   * An evaluation is done.
   *
   * @param weights {@code raw} or {@code ema}
   */
  default void evaluated(int epoch, String weights, EvaluationResult result) {}

  /** An epoch is done and evaluated. */
  default void epoch(EpochRecord epoch) {}

  /**
   * A checkpoint is on the disk.
   *
   * @param file its path
   * @param step the step that comes next
   */
  default void saved(Path file, long step) {}

  /** Something that a person should know: one sentence. */
  default void message(String sentence) {}
}
