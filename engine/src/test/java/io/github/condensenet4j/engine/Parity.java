package io.github.condensenet4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;

/** Compares logits. */
final class Parity {

  /** Single-precision sums of some hundred layers come about a tenth as close as this. */
  private static final double SHARE_OF_RANGE = 1e-4;

  private Parity() {}

  /** Holds {@code found} to a ten-thousandth of the range of {@code expected}. */
  static void assertClose(float[] found, double[] expected) {
    assertThat(found).hasSameSizeAs(expected);
    double range =
        Arrays.stream(expected).max().orElseThrow() - Arrays.stream(expected).min().orElseThrow();
    assertThat(range).isGreaterThan(0).isFinite();
    double worst = 0;
    for (int i = 0; i < found.length; i++) {
      worst = Math.max(worst, Math.abs(found[i] - expected[i]));
    }
    assertThat(worst / range)
        .as("largest difference as a share of the range")
        .isLessThan(SHARE_OF_RANGE);
  }
}
