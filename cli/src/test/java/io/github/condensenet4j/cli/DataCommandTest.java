package io.github.condensenet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.fixtures.Reference;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataCommandTest {

  @TempDir private Path folder;

  private void pictures(String part) throws IOException {
    for (String name : new String[] {"cat", "dog"}) {
      Path pictures = Files.createDirectories(folder.resolve(part).resolve(name));
      BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
      ImageIO.write(image, "png", pictures.resolve("a.png").toFile());
    }
  }

  @Test
  void checkNamesWhatCannotBeRead() throws IOException {
    pictures("train");
    pictures("val");
    Path bad = Files.writeString(folder.resolve("val/dog/b.png"), "no picture");

    Run run = Run.of("data", "check", "--data", folder.toString(), "-j", "3");

    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(run.out().lines())
        .hasSize(3)
        .contains("train: 2 images of 2 classes, 0 cannot be read")
        .contains("val: 3 images of 2 classes, 1 cannot be read")
        .anyMatch(line -> line.startsWith("bad: " + bad));
  }

  @Test
  void checkOfGoodImagesIsContent() {
    Path sample = Reference.repository().resolve("examples/cifar10-sample");

    Run run = Run.of("data", "check", "--data", sample.toString(), "--format", "json");

    assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    JsonValue part = JsonValue.parse(run.out(), "parts").get("parts").list().get(0);
    assertThat(part.get("classes").integer()).isEqualTo(10);
    assertThat(part.get("unreadable").list()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          data                              | name what to do with the data: data check or data bench
          data check                        | the data is missing; name it with --data
          data check --data . -j 0          | -j is 0, 1 or more expected
          data bench --data . --seconds 0   | --seconds is 0.0, more than 0 expected
          data bench --data . --aa rand-m99 | --aa magnitude, m is 99.0
          """)
  void answersWrongUsageWithOneLineThatHelps(String line, String sentence) {
    Run run = Run.of(line.split(" +"));

    assertThat(run.exitCode()).isEqualTo(ExitCode.WRONG_USAGE);
    assertThat(run.log()).contains(sentence).hasLineCount(1);
  }
}
