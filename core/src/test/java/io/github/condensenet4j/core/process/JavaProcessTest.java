package io.github.condensenet4j.core.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaProcessTest {

  @Test
  void choosesACollectorOnFewProcessorsOnly() {
    assertThat(JavaProcess.collector(1, List.of())).startsWith("-XX:+UseSerialGC");
    assertThat(JavaProcess.collector(4, List.of())).isEqualTo(JavaProcess.collector(1, List.of()));
    assertThat(JavaProcess.collector(5, List.of())).isEmpty();
  }

  @Test
  void laysArraysOnLinesOfTheCache() {
    assertThat(JavaProcess.alignment(List.of())).containsExactly("-XX:ObjectAlignmentInBytes=64");
    assertThat(JavaProcess.memory(1)).contains("-XX:ObjectAlignmentInBytes=64");
  }

  @Test
  void asksForLargePagesWhereAskingHelps(@TempDir Path folder) throws IOException {
    Path setting = folder.resolve("enabled");
    assertThat(JavaProcess.largePages(List.of(), setting)).isEmpty();

    Files.writeString(setting, "always madvise [never]\n");
    assertThat(JavaProcess.largePages(List.of(), setting)).isEmpty();

    Files.writeString(setting, "[always] madvise never\n");
    assertThat(JavaProcess.largePages(List.of(), setting)).isEmpty();

    Files.writeString(setting, "always [madvise] never\n");
    assertThat(JavaProcess.largePages(List.of(), setting))
        .containsExactly("-XX:+UseTransparentHugePages");
    assertThat(JavaProcess.largePages(List.of("-XX:-UseTransparentHugePages"), setting)).isEmpty();
    assertThat(JavaProcess.largePages(List.of("-XX:+UseLargePages"), setting)).isEmpty();
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
