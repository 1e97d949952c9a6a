package io.github.condensenet4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.training.step.DecayRule;
import io.github.condensenet4j.training.step.EmaDecay;
import io.github.condensenet4j.training.step.Schedule;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TrainingOptionsTest {

  private static TrainingOptions.Builder official() {
    return TrainingOptions.builder();
  }

  static Stream<Arguments> impossible() {
    return Stream.of(
        refused("--epochs", o -> o.epochs(0)),
        refused("--batch-size", o -> o.batchSize(0)),
        refused("--batch-size", o -> o.batchSize(7).workers(2).gradAccum(4)),
        refused("--grad-accum", o -> o.gradAccum(0)),
        refused("--workers", o -> o.workers(-1)),
        refused("--warmup-epochs", o -> o.warmupEpochs(-1)),
        refused("--batches-per-epoch", o -> o.batchesPerEpoch(-1)),
        refused("--checkpoint-every", o -> o.checkpointEvery(-1)),
        refused("--lr", o -> o.lr(Double.NaN)),
        refused("--warmup-lr", o -> o.warmupLr(-0.1)),
        refused("--min-lr", o -> o.minLr(-0.1)),
        refused("--min-lr", o -> o.lr(0.1).minLr(0.2)),
        refused("--validation-batch-size-multiplier", o -> o.validationBatchFactor(-1)),
        refused("--weight-decay", o -> o.weightDecay(Double.POSITIVE_INFINITY)),
        refused("--group-lasso-lambda", o -> o.groupLassoLambda(-1)),
        refused("--clip-grad", o -> o.clipGrad(-1)),
        refused("--momentum", o -> o.momentum(1)),
        refused("--smoothing", o -> o.smoothing(1)),
        refused("--ema-decay", o -> o.emaDecay(EmaDecay.of(1))),
        refused("--opt-eps", o -> o.optEps(-1)));
  }

  private static Arguments refused(String option, UnaryOperator<TrainingOptions.Builder> change) {
    return Arguments.of(option, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("impossible")
  void namesTheOptionThatCannotBe(String option, UnaryOperator<TrainingOptions.Builder> change) {
    assertThatThrownBy(() -> change.apply(official()).build())
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageStartingWith(option + " is ");
  }

  @Test
  void listsWhatRepeatsTheRunAndNothingElse() {
    assertThat(official().build().asMap())
        .containsEntry("lr", 0.4)
        .containsEntry("opt", "sgd")
        .containsEntry("sched", "cosine")
        .doesNotContainKeys(
            "ema-decay",
            "decay-rule",
            "milestones",
            "min-lr",
            "checkpoint-every",
            "validation-batch-size-multiplier",
            "resume");
    assertThat(
            official()
                .emaDecay(EmaDecay.of(0))
                .decayRule(DecayRule.V1)
                .milestones(List.of(3.0))
                .checkpointEvery(5)
                .minLr(1e-5)
                .validationBatchFactor(2)
                .build()
                .asMap())
        .containsEntry("ema-decay", 0.0)
        .containsEntry("decay-rule", "v1")
        .containsEntry("milestones", List.of(3.0))
        .containsEntry("checkpoint-every", 5L)
        .containsEntry("min-lr", 1e-5)
        .containsEntry("validation-batch-size-multiplier", 2);
  }

  @Test
  void evaluatesManyImagesAtATimeOrAsManyBatchesAsToldTo() {
    assertThat(official().batchSize(8).build().validationBatchSize()).isEqualTo(64);
    assertThat(official().batchSize(8).validationBatchFactor(3).build().validationBatchSize())
        .isEqualTo(24);
  }

  @ParameterizedTest
  @CsvSource({"cosine, 0.1", "linear, 0.1", "multistep, 0.04"})
  void endsNearTheLowestRateWhereTheRateFallsAllTheTime(String schedule, double last) {
    TrainingOptions options =
        official().schedule(Schedule.of(schedule)).epochs(40).minLr(0.1).build();
    assertThat(options.learningRates().rateAt(39, 999, 1000))
        .isCloseTo(last, org.assertj.core.api.Assertions.within(1e-4));
  }

  @ParameterizedTest
  @CsvSource({
    "cosine, 0, 0.4",
    "linear, 0, 0.4",
    "multistep, 0, 0.4",
    "cosine, 2, 0.1",
    "multistep, 2, 0.1",
    "exponential, 2, 0.4",
    "uneven_multistep, 2, 0.4",
    "cos, 0, 0.4",
    "step, 2, 0.1"
  })
  void startsAtTheRateOfTheWarmUpIfThereIsOne(String schedule, int warmupEpochs, double first) {
    TrainingOptions options =
        official().schedule(Schedule.of(schedule)).warmupEpochs(warmupEpochs).epochs(10).build();
    assertThat(options.learningRates().rateAt(0, 0, 5)).isEqualTo(first);
  }

  @ParameterizedTest
  @CsvSource({"4, 0.4", "5, 0.04", "7, 0.04", "8, 0.004"})
  void lowersAnUnevenRateAtHalfAndThreeQuartersUnlessToldWhere(int epoch, double rate) {
    TrainingOptions options = official().schedule(Schedule.UNEVEN_MULTISTEP).epochs(10).build();
    assertThat(options.learningRates().rateAt(epoch, 0, 5))
        .isCloseTo(rate, org.assertj.core.api.Assertions.within(1e-12));
  }

  @Test
  void namesTheSchedulesThereAre() {
    assertThatThrownBy(() -> Schedule.of("plateau"))
        .hasMessageContaining("--sched is plateau")
        .hasMessageContaining("cosine, linear, multistep, exponential, uneven_multistep");
    assertThatThrownBy(() -> DecayRule.of("v3")).hasMessageContaining("--decay-rule is v3");
  }
}
