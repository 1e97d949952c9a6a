package io.github.condensenet4j.training.step;

import io.github.condensenet4j.core.InvalidOptionException;
import java.util.Optional;

/**
 * How much of the moving average is kept at each step.
 *
 * <p>The official decay of 0.9998 remembers the initial weights for some ten thousand steps, so a
 * short run would end with an average of mostly nothing. The default therefore grows towards it:
 * {@code min(0.9998, (1 + step) / (10 + step))}. A decay that is given holds from the first step,
 * as in the official code.
 */
public sealed interface EmaDecay {

  /** Decay of the official recipe, and the most that {@link Growing} reaches. */
  double OFFICIAL = 0.9998;

  /**
   * Returns the share of the average that is kept at {@code step}, counted from 0; the rest is the
   * new weights.
   */
  double at(long step);

  /** Returns the option's value, which the growing decay has none of. */
  default Optional<Double> option() {
    return Optional.empty();
  }

  /** Tells whether an average is kept at all. */
  default boolean isOn() {
    return true;
  }

  /** Returns the decay that grows with the steps. */
  static EmaDecay growing() {
    return new Growing();
  }

  /**
   * Returns the decay for a value that a user gave: 0 turns the average off, anything else holds
   * from the first step.
   *
   * @throws InvalidOptionException if {@code value} is not at least 0 and below 1
   */
  static EmaDecay of(double value) {
    return value == 0 ? new Off() : new Fixed(value);
  }

  /** Grows from 0.1 to {@link #OFFICIAL}. */
  record Growing() implements EmaDecay {
    @Override
    public double at(long step) {
      return Math.min(OFFICIAL, (1.0 + step) / (10.0 + step));
    }
  }

  /** The same at every step. */
  record Fixed(double value) implements EmaDecay {
    /** Checks the value. */
    public Fixed {
      if (!(value > 0 && value < 1)) {
        throw new InvalidOptionException("--ema-decay", "at least 0 and below 1", value);
      }
    }

    @Override
    public double at(long step) {
      return value;
    }

    @Override
    public Optional<Double> option() {
      return Optional.of(value);
    }
  }

  /** No average is kept. */
  record Off() implements EmaDecay {
    @Override
    public double at(long step) {
      return 0;
    }

    @Override
    public Optional<Double> option() {
      return Optional.of(0.0);
    }

    @Override
    public boolean isOn() {
      return false;
    }
  }
}
