package io.github.condensenet4j.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.model.ModelFile;
import io.github.condensenet4j.core.model.WeightsKind;
import io.github.condensenet4j.core.tensor.StateDict;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The trained models that the jar carries: listed, measured, predicted with, trained on from. */
class PretrainedTest {

  @TempDir private Path folder;

  @Test
  void areListedWithWhatTheyAreWorth() {
    Jar.Answer answer = Jar.run("models", "--format", "json");

    List<JsonValue> models = JsonValue.parse(answer.out(), "models").get("pretrained").list();
    assertThat(models.stream().map(model -> model.get("name").text()))
        .containsExactly("cdnv2-cifar10", "cdnv2_110-cifar10", "condensenet-cifar10");
    for (JsonValue model : models) {
      assertThat(model.get("dataset").text()).isEqualTo("cifar10");
      assertThat(model.get("top1").number()).isBetween(80.0, 100.0);
      assertThat(model.get("licence").text()).isEqualTo("Apache-2.0");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cifar10", "cdnv2-cifar10", "condensenet-cifar10"})
  void classifyRealImages(String name) {
    Jar.Answer answer =
        Jar.run("evaluate", "--pretrained", name, "--data", Jar.SAMPLE, "--format", "json");

    assertThat(answer.exitCode()).as(answer.log()).isZero();
    // Of 200 images; the cards say 85 to 90 % of 10,000.
    assertThat(JsonValue.parse(answer.out(), "evaluation").get("top1").number())
        .isBetween(78.0, 97.0);
  }

  @Test
  void areConvertedAndMeasured() {
    Path converted = folder.resolve("converted.zip");
    Jar.Answer conversion =
        Jar.run("convert", "--pretrained", "cifar10", converted, "--format", "json");
    Jar.Answer speed =
        Jar.run("bench", "--pretrained", "cifar10", "--batch", "1", "--threads", "1");

    assertThat(conversion.exitCode()).as(conversion.log()).isZero();
    JsonValue facts = JsonValue.parse(conversion.out(), "conversion");
    assertThat(facts.get("bytesAfter").longInteger())
        .isLessThan(facts.get("bytesBefore").longInteger());
    assertThat(converted).isNotEmptyFile();
    assertThat(speed.exitCode()).as(speed.log()).isZero();
    assertThat(speed.out()).contains("images/s");
  }

  @Test
  void sayWhichArtifactIsMissing() {
    Jar.Answer answer = Jar.run("predict", "--pretrained", "imagenet", "cat.jpg");

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.log())
        .contains("no trained model called imagenet is published; cdnv2-cifar10,")
        .doesNotContain("Exception");
  }

  @Test
  void learnOtherClassesFromAFolderOfPictures() throws IOException {
    List<String> classes = List.of("blue", "green", "red");
    for (int i = 0; i < classes.size(); i++) {
      Path pictures = Files.createDirectories(folder.resolve("pictures").resolve(classes.get(i)));
      for (int picture = 0; picture < 8; picture++) {
        int bright = 150 + 12 * picture;
        Color color = new Color(i == 2 ? bright : 20, i == 1 ? bright : 20, i == 0 ? bright : 20);
        Pictures.writePlain(pictures.resolve(picture + ".png"), 40, 40, color);
      }
    }
    Path run = folder.resolve("run");
    Jar.Answer training =
        Jar.run(
            "train",
            "--pretrained",
            "cdnv2-cifar10",
            "--num-classes",
            3,
            "--freeze",
            "--data",
            folder.resolve("pictures"),
            "--output",
            run,
            "--epochs",
            8,
            "--batch-size",
            6,
            "--lr",
            0.1,
            "--warmup-epochs",
            0);
    assertThat(training.exitCode()).as(training.log()).isZero();
    assertThat(training.log())
        .contains("pretrained: cdnv2-cifar10, cdnv2, with a new classifier of 3 classes");

    Path converted = folder.resolve("converted.zip");
    Jar.Answer conversion = Jar.run("convert", run.resolve("last.zip"), converted);
    assertThat(conversion.exitCode()).as(conversion.log()).isZero();
    Jar.Answer prediction =
        Jar.run(
            "predict",
            "--pretrained",
            converted,
            folder.resolve("pictures/red/3.png"),
            "--format",
            "json");
    assertThat(prediction.out()).as(prediction.log()).contains("\"red\"", "\"blue\"");
    assertFeaturesOfTheFirstRun(run);
  }

  /** A run on the same features again, from its own file, keeps what the first one kept. */
  private void assertFeaturesOfTheFirstRun(Path run) {
    Path again = folder.resolve("again");
    Jar.Answer answer =
        Jar.run(
            "train",
            "--pretrained",
            run.resolve("last.zip"),
            "--freeze",
            "--data",
            folder.resolve("pictures"),
            "--output",
            again,
            "--epochs",
            1,
            "--batch-size",
            6);
    assertThat(answer.exitCode()).as(answer.log()).isZero();
    assertThat(answer.log()).contains("with its classifier");
    try (ModelFile first = ModelFile.read(run.resolve("last.zip"));
        ModelFile second = ModelFile.read(again.resolve("last.zip"))) {
      StateDict before = first.weights(WeightsKind.EMA);
      StateDict after = second.weights(WeightsKind.EMA);
      assertThat(second.metadata().classNames()).containsExactly("blue", "green", "red");
      for (String name : before.names()) {
        assertThat(after.get(name).equals(before.get(name)))
            .as(name)
            .isEqualTo(!name.startsWith("classifier."));
      }
    }
  }
}
