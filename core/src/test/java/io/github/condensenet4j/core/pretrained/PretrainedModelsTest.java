package io.github.condensenet4j.core.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.model.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PretrainedModelsTest {

  @TempDir private Path folder;

  @Test
  void findsWhatIsOnTheClassPathByNameAndByDataSet() throws IOException {
    SampleArtifact artifact = SampleArtifact.write(folder, "cdnv2-cifar10", 80);

    SampleArtifact.with(
        List.of(artifact),
        () -> {
          assertThat(PretrainedModels.all()).hasSize(1);
          for (String name : List.of("cdnv2-cifar10", "cifar10", "CIFAR10")) {
            assertThat(PretrainedModels.named(name).card().name()).isEqualTo("cdnv2-cifar10");
          }
          PretrainedModel model = PretrainedModels.of("cdnv2", "cifar10");
          try (ModelFile trained = model.open(Form.TRAINABLE)) {
            assertThat(trained.metadata().model()).isEqualTo(model.card().model());
          }
          assertThat(model.condensed().description().form()).isEqualTo(Form.CONDENSED);
        });
  }

  @Test
  void namesTheArtifactThatIsMissing() {
    assertThatThrownBy(() -> PretrainedModels.named("cifar10"))
        .isInstanceOf(CondenseNetException.class)
        .hasMessage(
            "no trained model called cifar10 is on the class path; add the artifact"
                + " io.github.condensenet4j:condensenet4j-weights-cdnv2_110-cifar10 or"
                + " io.github.condensenet4j:condensenet4j-weights-cdnv2-cifar10 or"
                + " io.github.condensenet4j:condensenet4j-weights-condensenet-cifar10");
    assertThatThrownBy(() -> PretrainedModels.of("condensenet", "cifar10"))
        .hasMessageEndingWith(
            "add the artifact io.github.condensenet4j:condensenet4j-weights-condensenet-cifar10");
    assertThatThrownBy(() -> PretrainedModels.named("imagenet"))
        .hasMessage(
            "no trained model called imagenet is published; no trained model is on the class path,"
                + " and a file is as good");
  }

  @Test
  void refusesAFileThatIsNotTheOneOfTheCard() throws IOException {
    SampleArtifact artifact = SampleArtifact.write(folder, "cdnv2-cifar10", 80);
    byte[] bytes = Files.readAllBytes(artifact.converted());
    bytes[bytes.length / 2] ^= 1;
    Files.write(artifact.converted(), bytes);
    Files.write(artifact.trained(), new byte[1], StandardOpenOption.APPEND);

    SampleArtifact.with(
        List.of(artifact),
        () -> {
          PretrainedModel model = PretrainedModels.named("cifar10");
          assertThatThrownBy(model::condensed)
              .isInstanceOf(InvalidFileException.class)
              .hasMessageContaining("converted.zip: has")
              .hasMessageContaining("of SHA-256")
              .hasMessageEndingWith("take another copy of the artifact");
          assertThatThrownBy(() -> model.open(Form.TRAINABLE))
              .isInstanceOf(InvalidFileException.class);
        });
    Files.delete(artifact.converted());
    SampleArtifact.with(
        List.of(artifact),
        () ->
            assertThatThrownBy(PretrainedModels.named("cifar10")::condensed)
                .hasMessageContaining("converted.zip: is missing"));
  }

  @Test
  void keepsACardWholeThroughJson() throws IOException {
    SampleArtifact artifact = SampleArtifact.write(folder, "cdnv2-cifar10", 80);
    String text = Files.readString(artifact.resources().resolve("model-card.json"));
    ModelCard card = ModelCard.fromJson(JsonValue.parse(text, "card"), "card");

    assertThat(card.toJson().pretty()).isEqualTo(text);
    String newer = text.replace("\"formatVersion\": 1", "\"formatVersion\": 2");
    assertThatThrownBy(() -> ModelCard.fromJson(JsonValue.parse(newer, "card"), "card"))
        .hasMessageContaining("is of format version 2, 1 expected");
  }
}
