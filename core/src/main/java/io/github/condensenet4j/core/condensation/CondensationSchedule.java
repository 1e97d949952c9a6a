package io.github.condensenet4j.core.condensation;

import io.github.condensenet4j.core.ArchitectureException;

/**
 * When a layer with learned groups drops connections.
 *
 * <p>A layer with condensation factor {@code C} drops {@code 1/C} of its candidates at each of
 * {@code C - 1} stages, spread evenly over the first half of training; the second half trains what
 * is left (CondenseNet, section 3.2).
 *
 * @param factor condensation factor {@code C}, at least 1; 1 never drops
 * @param rule what happens to stages that were skipped
 */
public record CondensationSchedule(int factor, StageRule rule) {

  // The official CondenseNetV2 looks at progress only while 2·progress is below this.
  private static final double OFFICIAL_V2_END = 1 + 1e-3;

  /** Refuses a {@code factor} below 1. */
  public CondensationSchedule {
    if (factor < 1) {
      throw new ArchitectureException("condensation factor", "at least 1", factor);
    }
  }

  /**
   * Returns the stage that training has reached: 0 (all connections) to {@code factor - 1} (fully
   * condensed).
   *
   * @param progress share of all steps done, 0 to 1
   */
  public int stageAt(double progress) {
    int stage = 0;
    // Compared as the reference does, not rounded from 2·progress·(C−1): a stage must not fire a
    // step early.
    while (stage < factor - 1 && 2 * progress >= (stage + 1) / (double) (factor - 1)) {
      stage++;
    }
    return stage;
  }

  /**
   * Returns what a layer in {@code state} owes at {@code progress}.
   *
   * @param share connections that a group drops at a stage, {@code candidates / C}
   */
  Due dueAt(double progress, CondensationState state, int share) {
    int reached = stageAt(progress);
    boolean isNew = reached > state.stage();
    int drops =
        switch (rule) {
          // Counted from what is really gone, so that layers left behind by literal training, whose
          // stage claims more, catch up as well.
          case CATCHING_UP -> Math.max(0, reached - state.count() / share);
          case OFFICIAL_V1 -> isNew ? 1 : 0;
          case OFFICIAL_V2 -> isNew && 2 * progress < OFFICIAL_V2_END ? 1 : 0;
        };
    boolean ignored = rule == StageRule.OFFICIAL_V2 && drops == 0;
    return new Due(drops, isNew && !ignored ? reached : state.stage());
  }

  /**
   * Shares to drop now, and the stage that is reached with them.
   *
   * @param drops number of shares
   * @param stage the new stage
   */
  record Due(int drops, int stage) {}
}
