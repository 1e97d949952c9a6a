package io.github.condensenet4j.training.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.condensenet4j.core.metrics.Logits;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsdCrossEntropyTest {

  private static final int CLASSES = 5;

  private static float[][] logits(int splits, double scale) {
    Random random = new Random(3);
    float[][] logits = new float[splits + 1][CLASSES];
    for (float[] row : logits) {
      for (int c = 0; c < CLASSES; c++) {
        row[c] = (float) (scale * random.nextGaussian());
      }
    }
    return logits;
  }

  private static final float[] LABEL = {0, 0, 1, 0, 0};

  @ParameterizedTest
  @CsvSource({"2, 1, 0", "3, 1, 0.1", "3, 4, 0.1", "4, 2, 0.2"})
  void labelsLeadToTheSlopeOfTheLoss(int splits, double scale, double smoothing) {
    float[][] logits = logits(splits, scale);
    JsdCrossEntropy loss = new JsdCrossEntropy(logits, 1, splits, LABEL, smoothing);
    float step = 1e-2f;
    for (int s = 0; s < splits; s++) {
      double[] softmax = softmax(logits[1 + s]);
      for (int c = 0; c < CLASSES; c++) {
        double gradient = (softmax[c] - loss.labels()[s][c]) / splits;
        float old = logits[1 + s][c];
        logits[1 + s][c] = old + step;
        double above = new JsdCrossEntropy(logits, 1, splits, LABEL, smoothing).loss();
        logits[1 + s][c] = old - step;
        double below = new JsdCrossEntropy(logits, 1, splits, LABEL, smoothing).loss();
        logits[1 + s][c] = old;
        // The slope of the step's error is quadratic in its width.
        assertThat(gradient).isCloseTo((above - below) / (2 * step), within(5e-4));
      }
    }
  }

  /** Worked out by hand: p = (2/3, 1/3) and (1/3, 2/3), so m = (1/2, 1/2). */
  @Test
  void isTheCrossEntropyAndTwelveTimesTheDivergence() {
    float log2 = (float) Math.log(2);
    float[][] logits = {{log2, 0}, {0, log2}};

    JsdCrossEntropy loss = new JsdCrossEntropy(logits, 0, 2, new float[] {1, 0}, 0);

    double divergence = 2.0 / 3 * Math.log(4.0 / 3) + 1.0 / 3 * Math.log(2.0 / 3);
    assertThat(loss.loss()).isCloseTo(Math.log(1.5) + 12 * divergence, within(1e-6));
  }

  @Test
  void addsNothingWhereAnswersAgree() {
    float[][] logits = {{1, 2, 3, 0, 0}, {1, 2, 3, 0, 0}, {1, 2, 3, 0, 0}};
    JsdCrossEntropy loss = new JsdCrossEntropy(logits, 0, 3, LABEL, 0.1);
    double[] softmax = softmax(logits[0]);
    for (int s = 1; s < 3; s++) {
      assertThat(loss.labels()[s]).containsExactly(softmax, within(1e-12));
    }
    assertThat(loss.loss())
        .isCloseTo(
            Logits.crossEntropy(Logits.logProbabilities(logits[0]), LABEL, 0.1), within(1e-12));
  }

  private static double[] softmax(float[] logits) {
    double sum = 0;
    double[] softmax = new double[logits.length];
    for (int c = 0; c < logits.length; c++) {
      softmax[c] = Math.exp(logits[c]);
      sum += softmax[c];
    }
    for (int c = 0; c < logits.length; c++) {
      softmax[c] /= sum;
    }
    return softmax;
  }
}
