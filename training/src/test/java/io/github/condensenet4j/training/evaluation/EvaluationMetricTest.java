package io.github.condensenet4j.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.condensenet4j.core.InvalidOptionException;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvaluationMetricTest {

  private static final EvaluationResult RESULT =
      new EvaluationResult(60, 90, 1.5, 10, 100, List.of());

  @Test
  void readsItsNumberOfAResult() {
    assertThat(EvaluationMetric.of("top1").of(RESULT)).isEqualTo(60);
    assertThat(EvaluationMetric.of("top5").of(RESULT)).isEqualTo(90);
    assertThat(EvaluationMetric.of("loss").of(RESULT)).isEqualTo(1.5);
  }

  @Test
  void prefersMoreRightAnswersAndLessLoss() {
    assertThat(EvaluationMetric.TOP5.isBetter(91, 90)).isTrue();
    assertThat(EvaluationMetric.TOP1.isBetter(60, 60)).isFalse();
    assertThat(EvaluationMetric.LOSS.isBetter(1.4, 1.5)).isTrue();
    assertThat(EvaluationMetric.LOSS.isBetter(Double.NaN, 1.5)).isFalse();
  }

  @Test
  void refusesOtherNames() {
    assertThatThrownBy(() -> EvaluationMetric.of("f1"))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessage("--eval-metric is f1, top1, top5 or loss expected");
  }
}
