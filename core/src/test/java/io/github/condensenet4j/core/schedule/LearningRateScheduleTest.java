package io.github.condensenet4j.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.schedule.LearningRateSchedule.Cosine;
import io.github.condensenet4j.core.schedule.LearningRateSchedule.Linear;
import io.github.condensenet4j.core.schedule.LearningRateSchedule.Milestones;
import io.github.condensenet4j.core.schedule.LearningRateSchedule.Steps;
import io.github.condensenet4j.core.schedule.LearningRateSchedule.WarmUp;
import io.github.condensenet4j.fixtures.Reference;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LearningRateScheduleTest {

  // Java's cosine may differ from C's in the last bit; around 1 + cos = 0 only the absolute error
  // stays that small.
  private static final double ROUNDING = 1e-15;

  static Stream<Named<JsonValue>> tables() {
    return Stream.of("training/lr_tables_v2.json", "training_v1/lr_tables_v1.json")
        .flatMap(file -> JsonValue.read(Reference.of(file)).get("tables").list().stream())
        .map(table -> Named.of(name(table), table));
  }

  private static String name(JsonValue table) {
    return table.find("settings").orElse(table.find("method").orElse(table)).toString();
  }

  @ParameterizedTest
  @MethodSource("tables")
  void equalsTheOfficialTables(JsonValue table) {
    LearningRateSchedule schedule = schedule(table);
    int batches = table.get("nBatch").integer();
    for (JsonValue row : table.get("epoch_batch_lr").list()) {
      double[] numbers = row.numbers();
      assertThat(schedule.rateAt((int) numbers[0], (int) numbers[1], batches))
          .as("epoch %s, batch %s", numbers[0], numbers[1])
          .isCloseTo(numbers[2], within(ROUNDING));
    }
  }

  private static LearningRateSchedule schedule(JsonValue table) {
    if (table.find("settings").isEmpty()) {
      double rate = table.get("lr").number();
      int epochs = table.get("epochs").integer();
      boolean isCifar = table.get("data").text().startsWith("cifar");
      return switch (table.get("method").text()) {
        case "cosine" -> new Cosine(rate, WarmUp.NONE, epochs);
        case "multistep" ->
            isCifar ? Milestones.ofCifar(rate, epochs) : new Steps(rate, WarmUp.NONE, 0.1, 30);
        default -> throw new AssertionError(table);
      };
    }
    JsonValue settings = table.get("settings");
    double rate = settings.get("lr").number();
    double decay = settings.get("lr_decay_rate").number();
    double step = settings.get("lr_decay_step").number();
    int epochs = settings.get("epochs").integer();
    WarmUp warmUp =
        new WarmUp(settings.get("warmup_lr").number(), settings.get("warmup_epochs").integer());
    List<Double> milestones =
        Arrays.stream(settings.get("lr_milestone").numbers()).boxed().toList();
    return switch (settings.get("sched").text()) {
      case "cosine" -> new Cosine(rate, warmUp, epochs);
      case "linear" -> new Linear(rate, warmUp, epochs);
      case "multistep" -> new Steps(rate, warmUp, decay, step);
      case "exponential" -> new Steps(rate, WarmUp.NONE, decay, step);
      case "uneven_multistep" -> new Milestones(rate, decay, milestones);
      default -> throw new AssertionError(settings);
    };
  }

  @Test
  void staysAtTheRateWhereWarmUpIsAllOfTraining() {
    assertThat(new Cosine(0.4, new WarmUp(0.1, 5), 3).rateAt(2, 0, 10))
        .isCloseTo(0.22, within(ROUNDING));
    assertThat(new Cosine(0.4, new WarmUp(0.1, 5), 3).rateAt(5, 0, 10)).isEqualTo(0.4);
  }

  @Test
  void fallsToTheLowestRateAndNoFurther() {
    // timm's cosine: lowest + (rate - lowest) / 2 · (1 + cos(π · done)), here half and all done.
    Cosine cosine = new Cosine(0.4, 0.1, new WarmUp(0.2, 2), 10);
    assertThat(cosine.rateAt(1, 0, 7)).isCloseTo(0.3, within(ROUNDING));
    assertThat(cosine.rateAt(2, 0, 7)).isCloseTo(0.4, within(ROUNDING));
    assertThat(cosine.rateAt(6, 0, 7)).isCloseTo(0.25, within(ROUNDING));
    assertThat(cosine.rateAt(9, 6, 7)).isBetween(0.1, 0.101);
    Linear linear = new Linear(0.4, 0.1, WarmUp.NONE, 10);
    assertThat(linear.rateAt(5, 0, 7)).isCloseTo(0.25, within(ROUNDING));
    assertThat(linear.rateAt(9, 6, 7)).isCloseTo(0.1 + 0.3 / 70, within(ROUNDING));
  }

  @Test
  void refusesALowestRateAboveTheRate() {
    assertThatThrownBy(() -> new Cosine(0.1, 0.2, WarmUp.NONE, 3))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("lowest learning rate is 0.2, at least 0, at most 0.1");
  }

  @Test
  void refusesImpossibleNumbers() {
    assertThatThrownBy(() -> new Cosine(-1, WarmUp.NONE, 3))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("learning rate is -1.0");
    assertThatThrownBy(() -> new Cosine(Double.NaN, WarmUp.NONE, 3))
        .hasMessageContaining("learning rate is NaN");
    assertThatThrownBy(() -> new Linear(1, WarmUp.NONE, 0)).hasMessageContaining("epochs is 0");
    assertThatThrownBy(() -> new Steps(1, WarmUp.NONE, 0.1, 0))
        .hasMessageContaining("decay epochs is 0.0");
    assertThatThrownBy(() -> new WarmUp(0.1, -1)).hasMessageContaining("warm-up epochs is -1");
  }
}
