package io.github.condensenet4j.training;

/** What happens when the output folder holds a run already. */
public enum ExistingRun {
  /** It is left alone and the new run is refused. */
  REFUSE,
  /** It goes on where its last checkpoint left it. */
  RESUME,
  /** It is deleted. */
  OVERWRITE
}
