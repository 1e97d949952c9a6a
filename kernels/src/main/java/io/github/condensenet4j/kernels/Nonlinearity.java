package io.github.condensenet4j.kernels;

/** What is done to single values. What becomes of not-a-number is left open: it stays or is 0. */
public enum Nonlinearity {
  /** {@code x}. */
  NONE,
  /** {@code max(x, 0)}. */
  RELU,
  /**
   * {@code x · min(max(x + 3, 0), 6)}: six times hard-swish. The sixth belongs into the weights
   * that come after, where it costs nothing.
   */
  SIX_HARD_SWISH;

  /** Bits of 6.0f. */
  private static final int SIX = Float.floatToRawIntBits(6f);

  /**
   * Returns the value for {@code x}. Compares bits, as the vectors do: negative numbers are
   * negative integers, and the order of the others is that of their bits.
   */
  public float of(float x) {
    return switch (this) {
      case NONE -> x;
      case RELU -> Float.intBitsToFloat(Math.max(Float.floatToRawIntBits(x), 0));
      case SIX_HARD_SWISH ->
          x * Float.intBitsToFloat(Math.min(Math.max(Float.floatToRawIntBits(x + 3), 0), SIX));
    };
  }
}
