package io.github.condensenet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgramTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sumary                            | unknown command sumary; did you mean summary?
          --hlep                            | unknown option --hlep; did you mean --help?
          summary --formt json cdnv2_a      | unknown option --formt; did you mean --format?
          summary --group-1x3 4 cdnv2_a     | did you mean --group-1x1
          train --model cdnv2 --backend tpu | --backend is tpu, auto, cpu or cuda expected
          train --model cdnv2 --evaluate-from x | belongs to evaluate
          summary cdnv2_a --format xml      | --format is xml, text, table or json expected
          summary cdnv2_x                   | cdnv2_a
          summary                           | the name of a model is missing
          summary cdnv2_a cdnv2_b           | unexpected argument cdnv2_b
          summary cdnv2_a --model cdnv2_b   | two models are named
          summary cdnv2 --stages 2-2        | 2 stages
          summary cdnv2 --stages 4-x-4      | --stages is 4-x-4
          summary cdnv2 --bottleneck 1.5    | --bottleneck is 1.5
          summary condensenet --group-trans 4 | --group-trans
          summary cdnv2_a --growth          | --growth
          """)
  void answersWrongUsageWithOneLineThatHelps(String commandLine, String sentence) {
    Run run = Run.of(commandLine.split(" "));

    assertThat(run.exitCode()).isEqualTo(ExitCode.WRONG_USAGE);
    assertThat(run.out()).isEmpty();
    assertThat(run.log()).startsWith("error: ").contains(sentence).hasLineCount(1);
  }

  @Test
  void saysWhatItCanDoWhenNothingIsAsked() {
    Run run = Run.of();

    assertThat(run.exitCode()).isEqualTo(ExitCode.WRONG_USAGE);
    assertThat(run.log()).hasLineCount(1).contains("summary").contains("models");
  }

  @Test
  void showsWhereAnErrorComesFromOnlyWhenAsked() {
    assertThat(Run.of("summary", "cdnv2_x", "--stacktrace").log()).contains("\tat ");
  }

  @Test
  void takesDefaultsFromAFile(@TempDir Path folder) throws IOException {
    Path config = folder.resolve("knobs.yaml");
    Files.writeString(config, "model: cdnv2\nnum_classes: 7\nFormat: json\nstages:\n");

    Run fromFile = Run.of("summary", "-c", config.toString());
    Run overruled = Run.of("summary", "--config=" + config, "--num-classes", "9");

    assertThat(fromFile.out()).contains("\"outputShape\": [7]");
    assertThat(overruled.out()).contains("\"outputShape\": [9]");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          colour: red           | summary has no option --colour
          stage: 4-4-4          | did you mean stages?
          [1, 2]                | holds no options
          stages: {a: 1}        | stages holds keys of its own
          'a: [1'               | is no YAML
          """)
  void refusesAFileThatHoldsNoOptions(String text, String sentence, @TempDir Path folder)
      throws IOException {
    Path config = folder.resolve("config.yaml");
    Files.writeString(config, text);

    Run run = Run.of("summary", "cdnv2_a", "-c", config.toString());

    assertThat(run.exitCode()).isBetween(1, 2);
    assertThat(run.log()).contains(sentence).contains(config.toString()).hasLineCount(1);
  }

  @Test
  void refusesAFileThatIsMissing() {
    Run run = Run.of("models", "-c", "nowhere.yaml");

    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(run.log()).isEqualTo("error: nowhere.yaml: does not exist; check the path\n");
  }

  @Test
  void takesUnderscoresForDashesInNamesButNotInValues() {
    assertThat(Spelling.withDashes(new String[] {"--data_url", "a_b", "--x_y=c_d", "--", "--e_f"}))
        .containsExactly("--data-url", "a_b", "--x-y=c_d", "--", "--e_f");
  }
}
