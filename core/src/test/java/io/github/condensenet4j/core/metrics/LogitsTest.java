package io.github.condensenet4j.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LogitsTest {

  private static final float[] LOGITS = {1.5f, -2, 0.25f, 7};

  @Test
  void crossEntropyOfOneClassIsThatOfItsWholeShare() {
    for (int label = 0; label < 4; label++) {
      float[] shares = new float[4];
      shares[label] = 1;
      for (double smoothing : new double[] {0, 0.1}) {
        assertThat(Logits.crossEntropy(Logits.logProbabilities(LOGITS), shares, smoothing))
            .isEqualTo(Logits.crossEntropy(LOGITS, label, smoothing));
      }
    }
  }

  @Test
  void crossEntropyOfSharesIsTheMeanOfTheClasses() {
    float[] shares = {0.25f, 0, 0.75f, 0};

    assertThat(Logits.crossEntropy(Logits.logProbabilities(LOGITS), shares, 0.1))
        .isCloseTo(
            0.25 * Logits.crossEntropy(LOGITS, 0, 0.1) + 0.75 * Logits.crossEntropy(LOGITS, 2, 0.1),
            within(1e-12));
  }
}
