package io.github.condensenet4j.core.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class JavaProcessTest {

  @Test
  void choosesACollectorOnFewProcessorsOnly() {
    assertThat(JavaProcess.collector(1)).startsWith("-XX:+UseSerialGC");
    assertThat(JavaProcess.collector(4)).isEqualTo(JavaProcess.collector(1));
    assertThat(JavaProcess.collector(5)).isEmpty();
  }

  @Test
  void laysArraysOnLinesOfTheCache() {
    assertThat(JavaProcess.alignment()).containsExactly("-XX:ObjectAlignmentInBytes=64");
  }

  @Test
  void leavesToItsUserWhatItsUserHasChosen() {
    assertThat(JavaProcess.collector(2, List.of()))
        .startsWith("-XX:+UseSerialGC", "-Xmn64m")
        .endsWith("-Xms96m");
    assertThat(JavaProcess.collector(2, List.of("-Xmx64m")))
        .contains("-Xmn64m")
        .doesNotContain("-Xms96m");
    assertThat(JavaProcess.collector(2, List.of("-XX:NewSize=8m")))
        .containsExactly("-XX:+UseSerialGC", "-Xms96m");
    assertThat(JavaProcess.collector(2, List.of("-XX:+UseParallelGC"))).isEmpty();
    assertThat(JavaProcess.alignment(List.of("-XX:ObjectAlignmentInBytes=16"))).isEmpty();
  }
}
