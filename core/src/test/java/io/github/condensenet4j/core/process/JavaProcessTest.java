package io.github.condensenet4j.core.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JavaProcessTest {

  @Test
  void choosesACollectorOnFewProcessorsOnly() {
    assertThat(JavaProcess.collector(1)).startsWith("-XX:+UseSerialGC", "-Xmn64m");
    assertThat(JavaProcess.collector(4)).isEqualTo(JavaProcess.collector(1));
    assertThat(JavaProcess.collector(5)).isEmpty();
  }
}
