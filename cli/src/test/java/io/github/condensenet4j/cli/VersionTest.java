package io.github.condensenet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VersionTest {

  @Test
  void namesTheProjectAndWhatItRunsOn() {
    assertThat(Version.all()).containsOnlyKeys("condensenet4j", "nd4j", "java");
    assertThat(Version.all().get("condensenet4j")).matches("\\d+\\.\\d+.*");
    assertThat(Version.all().get("nd4j")).matches("\\d+\\.\\d+.*");
    assertThat(Version.all().get("java")).isEqualTo(Runtime.version().toString());
  }
}
