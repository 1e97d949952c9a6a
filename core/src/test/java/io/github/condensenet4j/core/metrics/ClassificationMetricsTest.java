package io.github.condensenet4j.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.condensenet4j.core.CondenseNetException;
import org.junit.jupiter.api.Test;

class ClassificationMetricsTest {

  @Test
  void countsFirstPlacesAndTheFirstFive() {
    ClassificationMetrics metrics = new ClassificationMetrics();
    float[] logits = {7, 6, 5, 4, 3, 2, 1};
    for (int label : new int[] {0, 1, 4, 5}) {
      metrics.add(logits, label);
    }
    assertThat(metrics.images()).isEqualTo(4);
    assertThat(metrics.top1()).isEqualTo(25);
    assertThat(metrics.top5()).isEqualTo(75);
  }

  @Test
  void crossEntropyIsThatOfTheFormula() {
    // −log(e¹ / (e⁰ + e¹ + e²)) = log(1 + e + e²) − 1
    double logSum = Math.log(1 + Math.E + Math.E * Math.E);
    float[] logits = {0, 1, 2};
    assertThat(Logits.crossEntropy(logits, 1, 0)).isCloseTo(logSum - 1, within(1e-14));
    assertThat(Logits.crossEntropy(logits, 2, 0.3))
        .isCloseTo(0.7 * (logSum - 2) + 0.3 * (logSum - 1), within(1e-14));
    assertThat(Logits.softmax(logits)[2]).isEqualTo((float) Math.exp(2 - logSum));
  }

  @Test
  void largeScoresDoNotOverflow() {
    assertThat(Logits.crossEntropy(new float[] {1e30f, -1e30f}, 0, 0)).isZero();
  }

  @Test
  void equalScoresArePlacedByIndexAndNotANumberFirst() {
    float[] equal = {1, 1, 1};
    assertThat(Logits.rank(equal, 0)).isZero();
    assertThat(Logits.rank(equal, 2)).isEqualTo(2);
    assertThat(Logits.rank(new float[] {1, Float.NaN}, 0)).isEqualTo(1);
    assertThat(Logits.rank(new float[] {Float.NaN, 1}, 0)).isEqualTo(1);
  }

  @Test
  void fewerThanFiveClassesAreAlwaysAmongTheFirstFive() {
    ClassificationMetrics metrics = new ClassificationMetrics();
    metrics.add(new float[] {3, 2, 1}, 2);
    assertThat(metrics.top5()).isEqualTo(100);
  }

  @Test
  void refusesLabelsOutOfRange() {
    assertThatThrownBy(() -> new ClassificationMetrics().add(new float[3], 3))
        .isInstanceOf(CondenseNetException.class)
        .hasMessageContaining("label is 3, 0 to 2 expected");
  }
}
