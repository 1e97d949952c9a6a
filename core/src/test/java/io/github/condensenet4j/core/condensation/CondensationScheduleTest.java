package io.github.condensenet4j.core.condensation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.core.condensation.ConnectionGroups.Kind;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.fixtures.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CondensationScheduleTest {

  @ParameterizedTest(name = "C={0}, progress {1} → stage {2}")
  @CsvSource({
    "4, 0.0, 0",
    "4, 0.1666, 0",
    "4, 0.1667, 1",
    "4, 0.5, 3",
    "4, 1.0, 3",
    "8, 0.4999, 6",
    "1, 1.0, 0"
  })
  void reachesStagesInTheFirstHalf(int factor, double progress, int stage) {
    assertThat(new CondensationSchedule(factor, StageRule.CATCHING_UP).stageAt(progress))
        .isEqualTo(stage);
  }

  static Stream<Arguments> thresholds() {
    JsonValue thresholds =
        JsonValue.read(Reference.of("masks/stage_firing.json")).get("thresholds");
    return thresholds.keys().stream()
        .map(factor -> Arguments.of(Integer.valueOf(factor), thresholds.get(factor)));
  }

  @ParameterizedTest(name = "C={0}")
  @MethodSource("thresholds")
  void firesAtTheOfficialBits(int factor, JsonValue thresholds) {
    CondensationSchedule schedule = new CondensationSchedule(factor, StageRule.OFFICIAL_V2);
    for (JsonValue row : thresholds.get("stages").list()) {
      int stage = row.get("stage").integer();
      assertThat(schedule.stageAt(row.get("first_progress_that_fires").number())).isEqualTo(stage);
      assertThat(schedule.stageAt(row.get("previous_double_does_not").number()))
          .isEqualTo(stage - 1);
    }
    double last = thresholds.get("last_progress_that_can_fire").number();
    double ignored = thresholds.get("first_progress_that_is_ignored").number();
    assertThat(schedule.dueAt(last, CondensationState.INITIAL, 1).drops()).isEqualTo(1);
    assertThat(schedule.dueAt(ignored, CondensationState.INITIAL, 1).drops()).isZero();
    assertThat(schedule.dueAt(ignored, CondensationState.INITIAL, 1).stage()).isZero();
  }

  static Stream<Arguments> sequences() {
    return Stream.concat(
        sequences(
            "masks/stage_firing.json",
            StageRule.OFFICIAL_V2,
            "steps_progress_stage_count_keptfraction"),
        sequences(
            "masks/stage_firing_v1.json", StageRule.OFFICIAL_V1, "progress_stage_count_kept"));
  }

  private static Stream<Arguments> sequences(String file, StageRule rule, String rows) {
    return JsonValue.read(Reference.of(file)).get("sequences").list().stream()
        .map(sequence -> Arguments.of(rule, sequence, sequence.get(rows)));
  }

  @ParameterizedTest
  @MethodSource("sequences")
  void followsTheOfficialCodeThroughWholeTrainings(
      StageRule rule, JsonValue sequence, JsonValue rows) {
    ConnectionGroups groups = groups(sequence);
    float[] weight = new float[groups.inChannels() * groups.outChannels()];
    float[] mask = ones(weight.length);
    CondensationState state = CondensationState.INITIAL;
    for (JsonValue row : rows.list()) {
      double[] expected = row.numbers();
      state = groups.advance(weight, mask, state, rule, expected[0]);
      assertThat(state)
          .as("progress %s", expected[0])
          .isEqualTo(new CondensationState((int) expected[1], (int) expected[2]));
      assertThat((float) groups.keptFraction(mask)).isEqualTo((float) expected[3]);
    }
  }

  static Stream<JsonValue> runs() {
    return JsonValue.read(Reference.of("masks/stage_firing.json")).get("runs").list().stream();
  }

  @ParameterizedTest
  @MethodSource("runs")
  void followsTheOfficialCodeStepByStep(JsonValue run) {
    ConnectionGroups groups = groups(run);
    float[] weight = new float[groups.inChannels() * groups.outChannels()];
    float[] mask = ones(weight.length);
    CondensationState state = CondensationState.INITIAL;
    int steps = run.get("epochs").integer() * run.get("batches_per_epoch").integer();
    List<double[]> events = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      double progress = step / (double) steps;
      CondensationState next = groups.advance(weight, mask, state, StageRule.OFFICIAL_V2, progress);
      if (!next.equals(state)) {
        events.add(new double[] {step, progress, next.stage(), next.count()});
      }
      state = next;
    }
    List<JsonValue> expected = run.get("events_epoch_batch_step_progress_stage_count").list();
    assertThat(events).hasSize(expected.size());
    for (int i = 0; i < events.size(); i++) {
      double[] event = expected.get(i).numbers();
      assertThat(events.get(i)).isEqualTo(Arrays.copyOfRange(event, 2, event.length));
    }
    assertThat(state.stage()).isEqualTo(run.get("final_stage").integer());
    assertThat((float) groups.keptFraction(mask))
        .isEqualTo((float) run.get("final_kept_fraction").number());
    assertThat(state.count() == groups.completeCount())
        .isEqualTo(run.get("fully_condensed").bool());
  }

  private static ConnectionGroups groups(JsonValue description) {
    int channels = description.get("channels").integer();
    int factor = description.get("condense_factor").integer();
    boolean isReactivation =
        description.find("kind").map(JsonValue::text).filter("SFR"::equals).isPresent();
    int groups = description.find("groups").map(JsonValue::integer).orElse(1);
    return isReactivation
        ? new ConnectionGroups(Kind.SPARSE_FEATURE_REACTIVATION, groups, channels, groups, factor)
        : new ConnectionGroups(Kind.LEARNED_GROUP_CONVOLUTION, channels, groups, groups, factor);
  }

  private static float[] ones(int length) {
    float[] ones = new float[length];
    Arrays.fill(ones, 1);
    return ones;
  }

  @Test
  void catchesUpPastTheMiddle() {
    CondensationSchedule schedule = new CondensationSchedule(4, StageRule.CATCHING_UP);
    assertThat(schedule.dueAt(0.9, new CondensationState(1, 5), 5))
        .isEqualTo(new CondensationSchedule.Due(2, 3));
    assertThat(schedule.dueAt(0.2, new CondensationState(3, 15), 5))
        .isEqualTo(new CondensationSchedule.Due(0, 3));
  }
}
