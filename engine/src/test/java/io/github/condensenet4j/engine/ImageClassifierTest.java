package io.github.condensenet4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.metrics.Classification;
import io.github.condensenet4j.core.metrics.Logits;
import io.github.condensenet4j.core.model.CondensedModel;
import io.github.condensenet4j.core.model.ModelMetadata;
import io.github.condensenet4j.core.preprocessing.Preprocessing;
import io.github.condensenet4j.images.EvaluationPreprocessor;
import io.github.condensenet4j.images.ImageDecoder;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageClassifierTest {

  private static final ModelDescription MODEL = RandomModels.describe("cdnv2", "stages=1-1-1");
  private static final Preprocessing PREPROCESSING = Preprocessing.cifar10(32);
  private static final CondensedModel CONDENSED =
      new CondensedModel(
          MODEL, RandomModels.weights(MODEL, 1), ModelMetadata.of(MODEL, PREPROCESSING));

  @TempDir private Path folder;

  @Test
  void namesTheClassesThatThePreprocessedPictureGets() throws IOException {
    byte[] picture = png(45, 38);
    Path file = Files.write(folder.resolve("noise.png"), picture);
    try (ImageClassifier classifier =
            ImageClassifier.of(CONDENSED, EngineOptions.defaults().withoutWarmUp());
        CompiledModel compiled = CompiledModel.compile(CONDENSED)) {
      float[] logits =
          compiled.logits(
              new EvaluationPreprocessor(PREPROCESSING)
                  .apply(ImageDecoder.decode("noise", picture)));

      List<Classification> classes = classifier.classify(file, 3);

      assertThat(classes).hasSize(3);
      assertThat(classes.get(0).index()).isEqualTo(Logits.best(logits));
      assertThat(classes.get(0).probability())
          .isEqualTo((double) Logits.softmax(logits)[Logits.best(logits)])
          .isGreaterThanOrEqualTo(classes.get(1).probability());
      assertThat(classifier.classify("noise", picture, 3)).isEqualTo(classes);
      assertThat(classifier.classify(file, 99)).hasSize(10);
    }
  }

  @Test
  void saysWhichPictureCannotBeRead() throws IOException {
    Path file = Files.write(folder.resolve("torn.png"), new byte[] {1, 2, 3});
    try (ImageClassifier classifier =
        ImageClassifier.of(CONDENSED, EngineOptions.defaults().withoutWarmUp())) {
      assertThatThrownBy(() -> classifier.classify(file, 1))
          .isInstanceOf(InvalidFileException.class)
          .hasMessageContaining("torn.png");
    }
  }

  private static byte[] png(int width, int height) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(1);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, random.nextInt(1 << 24));
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }
}
