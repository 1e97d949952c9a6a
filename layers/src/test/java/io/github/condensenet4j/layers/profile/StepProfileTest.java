package io.github.condensenet4j.layers.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.condensenet4j.layers.profile.StepProfile.Phase;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class StepProfileTest {

  private static Map<String, StepProfile.Row> byKind(StepProfile profile) {
    return profile.rows().stream()
        .collect(Collectors.toMap(StepProfile.Row::kind, Function.identity()));
  }

  private static String rest(long millis) {
    long end = System.nanoTime() + millis * 1_000_000;
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
    return "done";
  }

  @Test
  void countsInnerWorkOnce() {
    StepProfile profile = StepProfile.start();
    long start = System.nanoTime();
    String result =
        StepProfile.time(
            "outer",
            Phase.OTHER,
            () -> {
              StepProfile.run("inner", Phase.FORWARD, () -> rest(20));
              StepProfile.run("inner", Phase.BACKWARD, () -> rest(30));
              return rest(10);
            });
    double whole = (System.nanoTime() - start) / 1e9;
    profile.stop();

    assertThat(result).isEqualTo("done");
    Map<String, StepProfile.Row> rows = byKind(profile);
    assertThat(rows).containsOnlyKeys("outer", "inner");
    assertThat(rows.get("inner").forward()).isGreaterThanOrEqualTo(0.02);
    assertThat(rows.get("inner").backward()).isGreaterThanOrEqualTo(0.03);
    assertThat(rows.get("inner").other()).isZero();
    assertThat(rows.get("outer").other()).isGreaterThanOrEqualTo(0.01);
    assertThat(rows.get("outer").total() + rows.get("inner").total()).isLessThanOrEqualTo(whole);
  }

  @Test
  void wholeWorkSwallowsWhatIsInside() {
    StepProfile profile = StepProfile.start();
    StepProfile.timeWhole(
        "evaluation", Phase.OTHER, () -> StepProfile.time("layer", Phase.FORWARD, () -> rest(5)));
    profile.stop();
    assertThat(byKind(profile)).containsOnlyKeys("evaluation");
  }

  @Test
  void countsWorkThatFails() {
    StepProfile profile = StepProfile.start();
    assertThatThrownBy(
            () ->
                StepProfile.run(
                    "work",
                    Phase.FORWARD,
                    () -> {
                      throw new IllegalStateException("no");
                    }))
        .hasMessage("no");
    StepProfile.run("after it", Phase.OTHER, () -> rest(1));
    profile.stop();
    assertThat(byKind(profile)).containsOnlyKeys("work", "after it");
  }

  @Test
  void countsNothingOnceStopped() {
    StepProfile profile = StepProfile.start();
    profile.stop();
    StepProfile.run("work", Phase.FORWARD, () -> rest(1));
    assertThat(profile.rows()).isEmpty();
  }
}
