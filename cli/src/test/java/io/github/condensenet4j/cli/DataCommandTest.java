package io.github.condensenet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.fixtures.Reference;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

  @Test
  void indexIsWrittenIntoEachFolder() throws IOException {
    pictures("train");
    pictures("val");

    Run run = Run.of("data", "index", "--data", folder.toString(), "--format", "json");

    assertThat(run.exitCode()).as(run.log()).isEqualTo(ExitCode.OK);
    List<JsonValue> indexes = JsonValue.parse(run.out(), "indexes").get("indexes").list();
    assertThat(indexes).hasSize(2);
    assertThat(indexes.get(0).get("file").text())
        .isEqualTo(folder.resolve("train/.condensenet-index").toString());
    assertThat(indexes.get(0).get("images").integer()).isEqualTo(2);
    assertThat(indexes.get(0).get("sha256")).isEqualTo(indexes.get(1).get("sha256"));
    assertThat(folder.resolve("val/.condensenet-index")).isRegularFile();
  }

  @Test
  void previewDrawsWhatTrainingSees() throws IOException {
    pictures("train");
    Path sheet = folder.resolve("sheet.png");

    Run run =
        Run.of(
            "data",
            "preview",
            "--data",
            folder.toString(),
            "--output",
            sheet.toString(),
            "--aa",
            "rand-m9-mstd0.5",
            "--reprob",
            "1",
            "--format",
            "json");

    assertThat(run.exitCode()).as(run.log()).isEqualTo(ExitCode.OK);
    List<JsonValue> images = JsonValue.parse(run.out(), "preview").get("images").list();
    assertThat(images)
        .hasSize(2)
        .allSatisfy(
            image ->
                assertThat(image.get("operations").texts())
                    .anyMatch(operation -> operation.startsWith("crop "))
                    .anyMatch(operation -> operation.startsWith("erase ")));
    BufferedImage drawn = ImageIO.read(sheet.toFile());
    assertThat(drawn.getWidth()).isGreaterThan(2 * 192);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          data                              | name what to do with the data: data index, data check
          data check                        | the data is missing; name it with --data
          data index --data train.npz       | only folders of image files have an index
          data preview --data .             | --output is missing
          data preview --data . --output a.png --count 0 | --count is 0, from 1 to 400 expected
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
