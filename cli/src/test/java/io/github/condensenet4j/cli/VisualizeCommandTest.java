package io.github.condensenet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.fixtures.Reference;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VisualizeCommandTest {

  private static final String KNOBS =
      "--stages 2-2-2 --growth 8-16-32 --group-1x1 4 --condense-factor 8";

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "v1cifar_g4c8_unconverted.pth.tar, condensenet",
    "v1cifar_g4c8_converted.pth.tar, converted_condensenet"
  })
  void drawsCheckpointsConvertedOrNot(String checkpoint, String model) {
    String line =
        "visualize %s --output %s --model %s %s"
            .formatted(Reference.of("conversion/" + checkpoint), folder, model, KNOBS);

    Run run = Run.of(line.split(" +"));

    assertThat(run.log()).isEmpty();
    assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(run.out())
        .isEqualToIgnoringNewLines(
            "visualized: " + folder.resolve("index.html") + " and 5 pictures");
    assertThat(folder.resolve("denseblock_3-learned.png")).isNotEmptyFile();
  }

  @Test
  void drawsATrainedModelByItsName() {
    Run run = Run.of("visualize", "--pretrained", "cdnv2-cifar10", "--output", folder.toString());

    assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(folder.resolve("denseblock_2-reactivation.png")).isNotEmptyFile();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          visualize m.zip                                | --output is missing
          visualize --output o                           | the model is missing; name its file
          visualize m.zip --pretrained cifar10 --output o | give MODEL or --pretrained, not both
          """)
  void answersWrongUsageWithOneLineThatHelps(String line, String sentence) {
    Run run = Run.of(line.split(" +"));

    assertThat(run.exitCode()).isEqualTo(ExitCode.WRONG_USAGE);
    assertThat(run.log()).contains(sentence).hasLineCount(1);
  }
}
