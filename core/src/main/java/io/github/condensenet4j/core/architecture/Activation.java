package io.github.condensenet4j.core.architecture;

/** The non-linearity between normalisation and convolution. */
public enum Activation {
  /** {@code max(x, 0)}. */
  RELU,
  /** {@code x · min(max(x + 3, 0), 6) / 6}. */
  HARD_SWISH
}
