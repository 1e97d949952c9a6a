package io.github.condensenet4j.core.condensation;

import io.github.condensenet4j.core.CondenseNetException;

/**
 * How far one layer's condensation has come; the official buffers {@code _stage} and {@code
 * _count}.
 *
 * @param stage the last stage reached, 0 at first
 * @param count connections that each group has dropped so far
 */
public record CondensationState(int stage, int count) {

  /** The state before anything was dropped. */
  public static final CondensationState INITIAL = new CondensationState(0, 0);

  /** Refuses negative numbers. */
  public CondensationState {
    if (stage < 0 || count < 0) {
      throw new CondenseNetException(
          "condensation state has stage %d and count %d, neither may be negative"
              .formatted(stage, count));
    }
  }
}
