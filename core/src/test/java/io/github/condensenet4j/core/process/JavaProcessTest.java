package io.github.condensenet4j.core.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JavaProcessTest {

  @Test
  void choosesACollectorOnFewProcessorsOnly() {
    assertThat(JavaProcess.collector(1)).containsExactly("-XX:+UseSerialGC");
    assertThat(JavaProcess.collector(4)).containsExactly("-XX:+UseSerialGC");
    assertThat(JavaProcess.collector(5)).isEmpty();
  }
}
