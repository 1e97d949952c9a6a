package io.github.condensenet4j.layers.arithmetic;

import io.github.condensenet4j.core.architecture.Activation;

/** A function that is applied to each number. */
public enum Nonlinearity {
  /** {@code x}. */
  IDENTITY,
  /** {@code max(x, 0)}; derivative 0 at 0. */
  RELU,
  /**
   * {@code x · relu6(x + 3) / 6}; derivative {@code (relu6(x + 3) + x · [−3 < x < 3]) / 6}, where
   * at both kinks only the first term counts, as in the official code.
   */
  HARD_SWISH,
  /** {@code 1 / (1 + e^−x)}, which stands in {@link Arithmetic#excite} alone. */
  SIGMOID;

  /** Returns the function of an architecture's {@code activation}. */
  public static Nonlinearity of(Activation activation) {
    return switch (activation) {
      case RELU -> RELU;
      case HARD_SWISH -> HARD_SWISH;
    };
  }
}
