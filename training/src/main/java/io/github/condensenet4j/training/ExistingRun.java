package io.github.condensenet4j.training;

/** What happens when the output folder holds a run already. */
public enum ExistingRun {
  /** It is left alone and the new run is refused. */
  REFUSE,
  /** It goes on where its last checkpoint left it. */
  RESUME,
  /** Likewise, with the optimiser as at the beginning of a run. */
  RESUME_WITHOUT_OPTIMIZER,
  /** It is deleted. */
  OVERWRITE;

  /** Tells whether the run goes on. */
  boolean isResumed() {
    return this == RESUME || this == RESUME_WITHOUT_OPTIMIZER;
  }
}
