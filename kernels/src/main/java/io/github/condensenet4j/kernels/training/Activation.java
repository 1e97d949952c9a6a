package io.github.condensenet4j.kernels.training;

/** What is done to single values between a normalisation and a product. */
public enum Activation {
  /** {@code z}. */
  IDENTITY,
  /** {@code max(z, 0)}; derivative 0 at 0. */
  RELU,
  /**
   * {@code z · relu6(z + 3) / 6}; derivative {@code (relu6(z + 3) + z · [−3 < z < 3]) / 6}, where
   * at both kinks only the first term counts.
   */
  HARD_SWISH;

  /** Returns the value for {@code z}. */
  public float of(float z) {
    return switch (this) {
      case IDENTITY -> z;
      case RELU -> Math.max(z, 0);
      case HARD_SWISH -> z * Math.min(Math.max(z + 3, 0), 6) * (1f / 6);
    };
  }

  /** Returns the derivative at {@code z}. */
  public float derivative(float z) {
    return switch (this) {
      case IDENTITY -> 1;
      case RELU -> z > 0 ? 1 : 0;
      case HARD_SWISH -> {
        float shifted = z + 3;
        float clipped = Math.min(Math.max(shifted, 0), 6);
        yield (shifted > 0 && shifted < 6 ? clipped + z : clipped) * (1f / 6);
      }
    };
  }
}
