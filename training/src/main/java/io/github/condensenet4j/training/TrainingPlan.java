package io.github.condensenet4j.training;

/**
 * How long a run is.
 *
 * @param epochs epochs of the whole run
 * @param batchesPerEpoch steps of each
 * @param batchSize images of each step
 * @param firstStep the step with which it begins or goes on
 */
public record TrainingPlan(int epochs, int batchesPerEpoch, int batchSize, long firstStep) {

  /** Returns the steps of the whole run. */
  public long steps() {
    return (long) epochs * batchesPerEpoch;
  }

  /** Returns the epoch of a step. */
  public int epochOf(long step) {
    return (int) (step / batchesPerEpoch);
  }

  /** Returns the number of a step within its epoch. */
  public int batchOf(long step) {
    return (int) (step % batchesPerEpoch);
  }

  /**
   * Returns the share of all steps that are done when {@code step} begins, as the official code.
   */
  public double progressAt(long step) {
    return step / (double) steps();
  }
}
