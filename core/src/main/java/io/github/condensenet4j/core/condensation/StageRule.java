package io.github.condensenet4j.core.condensation;

/** What happens when training has reached a stage. */
public enum StageRule {
  /**
   * Drops everything that is due: where stages were skipped (few steps, or a schedule that was cut
   * short), one share a stage.
   */
  CATCHING_UP,
  /**
   * As the official CondenseNet: one share a call, however many stages were skipped, so that a
   * short run ends incomplete.
   */
  OFFICIAL_V1,
  /** As the official CondenseNetV2: as its predecessor, and nothing at all past 0.5005. */
  OFFICIAL_V2
}
