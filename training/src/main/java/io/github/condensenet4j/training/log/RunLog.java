package io.github.condensenet4j.training.log;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The tables of a run: {@code metrics.csv} with a row an epoch and, where it is wanted, {@code
 * steps.csv} with a row a step.
 */
public final class RunLog implements AutoCloseable {

  private static final String EPOCHS = "metrics.csv";
  private static final String STEPS = "steps.csv";

  private final CsvLog<EpochRecord> epochs;
  private final Optional<CsvLog<StepRecord>> steps;

  private RunLog(CsvLog<EpochRecord> epochs, Optional<CsvLog<StepRecord>> steps) {
    this.epochs = epochs;
    this.steps = steps;
  }

  /**
   * Opens the tables in {@code folder}, cut back to where the run goes on.
   *
   * @param nextEpoch the epoch whose row comes next
   * @param nextStep the step whose row comes next
   * @param withSteps whether steps are written down; they are in any case if they were before,
   *     because a table with a gap would be of no use
   */
  public static RunLog open(Path folder, int nextEpoch, long nextStep, boolean withSteps) {
    CsvLog<EpochRecord> epochs =
        CsvLog.open(
            folder.resolve(EPOCHS),
            EpochRecord.HEADER,
            EpochRecord::toRow,
            EpochRecord::ofRow,
            EpochRecord::epoch,
            nextEpoch);
    Optional<CsvLog<StepRecord>> steps =
        withSteps || Files.exists(folder.resolve(STEPS))
            ? Optional.of(openSteps(folder, nextStep))
            : Optional.empty();
    return new RunLog(epochs, steps);
  }

  private static CsvLog<StepRecord> openSteps(Path folder, long nextStep) {
    return CsvLog.open(
        folder.resolve(STEPS),
        StepRecord.HEADER,
        StepRecord::toRow,
        StepRecord::ofRow,
        StepRecord::step,
        nextStep);
  }

  /** Writes down a step, if steps are written down. */
  public void add(StepRecord step) {
    steps.ifPresent(log -> log.add(step));
  }

  /** Writes down an epoch. */
  public void add(EpochRecord epoch) {
    epochs.add(epoch);
  }

  /** Returns all epochs of the run so far. */
  public List<EpochRecord> epochs() {
    return List.copyOf(epochs.rows());
  }

  /** Returns all steps that were written down so far. */
  public List<StepRecord> steps() {
    return steps.map(log -> List.copyOf(log.rows())).orElse(List.of());
  }

  /**
   * Returns when all rows are on the disk: a checkpoint must not be ahead of the tables, which
   * nobody could fill up any more.
   */
  public void force() {
    epochs.force();
    steps.ifPresent(CsvLog::force);
  }

  @Override
  public void close() {
    epochs.close();
    steps.ifPresent(CsvLog::close);
  }
}
