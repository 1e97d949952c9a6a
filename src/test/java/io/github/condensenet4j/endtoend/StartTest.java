package io.github.condensenet4j.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.fixtures.Reference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

class StartTest {

  @Test
  void tellsItsVersion() {
    Jar.Answer answer = Jar.run("--version");

    assertThat(answer.exitCode()).isZero();
    assertThat(answer.out()).startsWith("condensenet4j ").doesNotContain("${");
    assertThat(answer.log()).isEmpty();
  }

  @Test
  void helpsWithEveryCommand() {
    Jar.Answer answer = Jar.run("--help");

    assertThat(answer.out())
        .contains("train", "evaluate", "convert", "predict", "summary", "models", "import");
    assertThat(answer.exitCode()).isZero();
  }

  @Test
  void listsModelsWithoutLoadingNatives() {
    Jar.Answer answer = Jar.run("models", "--format", "json");

    assertThat(JsonValue.parse(answer.out(), "models").get("models").list()).hasSizeGreaterThan(15);
    assertThat(answer.log()).isEmpty();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void startsByItsScriptToo() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("bin/condensenet", "bench", "cdnv2_aa")
            .directory(Reference.repository().toFile())
            .redirectErrorStream(true)
            .start();
    String log = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isEqualTo(2);
    assertThat(log).contains("no model is called cdnv2_aa").doesNotContain("Exception");
  }

  @Test
  void packsTheNativesOfThisPlatformOnly() throws IOException {
    try (JarFile jar = new JarFile(Reference.repository().resolve("cli/target/cli.jar").toFile())) {
      List<String> libraries =
          jar.stream()
              .map(entry -> entry.getName())
              .filter(name -> name.matches(".*libnd4jcpu\\.(so|dylib)|.*/nd4jcpu\\.dll"))
              .toList();
      assertThat(libraries).hasSize(1);
    }
  }
}
