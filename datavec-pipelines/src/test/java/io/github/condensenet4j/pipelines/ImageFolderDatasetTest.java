package io.github.condensenet4j.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.preprocessing.Interpolation;
import io.github.condensenet4j.core.preprocessing.Preprocessing;
import io.github.condensenet4j.fixtures.Reference;
import io.github.condensenet4j.images.EvaluationPreprocessor;
import io.github.condensenet4j.images.ImageDecoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.DataSet;

class ImageFolderDatasetTest {

  private static final Preprocessing PREPROCESSING =
      Preprocessing.imageNet(16, Interpolation.BILINEAR);

  @TempDir private Path folder;

  @Test
  void ordersClassesAndFilesByName() throws IOException {
    picture("wren/b.ppm", 20, 20, 1);
    picture("wren/a.JPG", 20, 20, 2);
    picture("wren/nested/c.ppm", 20, 20, 3);
    picture("Owl/x.ppm", 20, 20, 4);
    picture("10/x.ppm", 20, 20, 5);
    Files.writeString(folder.resolve("wren/notes.txt"), "no image");
    Files.writeString(folder.resolve("README"), "no class");
    ImageFolderDataset dataset = ImageFolderDataset.open(folder, PREPROCESSING);
    assertThat(dataset.classNames()).containsExactly("10", "Owl", "wren");
    assertThat(names(dataset))
        .containsExactly("10/x.ppm", "Owl/x.ppm", "wren/a.JPG", "wren/b.ppm", "wren/nested/c.ppm");
    assertThat(dataset.label(0)).isEqualTo(0);
    assertThat(dataset.label(4)).isEqualTo(2);
    assertThat(dataset.name(4)).isEqualTo(folder.resolve("wren/nested/c.ppm").toString());
  }

  private List<String> names(ImageFolderDataset dataset) {
    List<String> names = new ArrayList<>();
    for (int index = 0; index < dataset.size(); index++) {
      names.add(folder.relativize(Path.of(dataset.name(index))).toString().replace('\\', '/'));
    }
    return names;
  }

  @Test
  void readsWhatEvaluationSees() throws IOException {
    Path file = picture("a/x.ppm", 40, 25, 1);
    ImageFolderDataset dataset = ImageFolderDataset.open(folder, PREPROCESSING);
    float[] values = new float[dataset.values()];
    dataset.read(0, values, 0);
    assertThat(values)
        .isEqualTo(new EvaluationPreprocessor(PREPROCESSING).apply(ImageDecoder.decode(file)));
  }

  @Test
  void augmentsToTheSameSize() throws IOException {
    picture("a/x.ppm", 40, 25, 1);
    ImageFolderDataset dataset = ImageFolderDataset.open(folder, PREPROCESSING);
    float[] values = new float[dataset.values()];
    float[] again = new float[dataset.values()];
    float[] other = new float[dataset.values()];
    Augmentation standard = dataset.standardAugmentation();
    dataset.readAugmented(0, standard, RandomStream.of(1), values, 0);
    dataset.readAugmented(0, standard, RandomStream.of(1), again, 0);
    dataset.readAugmented(0, standard, RandomStream.of(2), other, 0);
    assertThat(again).isEqualTo(values);
    assertThat(Arrays.equals(other, values)).isFalse();
  }

  @Test
  void refusesFoldersWithoutClassesOrImages() throws IOException {
    assertThatThrownBy(() -> ImageFolderDataset.open(folder.resolve("no"), PREPROCESSING))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageStartingWith(folder.resolve("no") + ": there is no such folder");
    assertThatThrownBy(() -> ImageFolderDataset.open(folder, PREPROCESSING))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageStartingWith(folder + ": holds no class folders");
    picture("a/x.ppm", 20, 20, 1);
    Files.createDirectory(folder.resolve("b"));
    assertThatThrownBy(() -> ImageFolderDataset.open(folder, PREPROCESSING))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageStartingWith(folder.resolve("b") + ": holds no images");
  }

  @Test
  void holdsFoldersAgainstTheClassesOfAModel() throws IOException {
    picture("a/x.ppm", 20, 20, 1);
    picture("b/x.ppm", 20, 20, 1);
    assertThat(ImageFolderDataset.open(folder, List.of("b", "a"), PREPROCESSING).label(0)).isZero();
    assertThatThrownBy(() -> ImageFolderDataset.open(folder, List.of("a", "b", "c"), PREPROCESSING))
        .isInstanceOf(InvalidFileException.class)
        .hasMessage(folder + ": the class folder c is missing; add it with its images");
    assertThatThrownBy(() -> ImageFolderDataset.open(folder, List.of("a"), PREPROCESSING))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageStartingWith(folder.resolve("b") + ": is no class of the 1 known ones");
  }

  @Test
  void skipsUnreadableImagesInTrainingAndReportsThemInEvaluation() throws IOException {
    picture("a/0.ppm", 20, 20, 1);
    Files.write(folder.resolve("a/1_empty.jpg"), new byte[0]);
    Files.writeString(folder.resolve("a/2_text.png"), "text");
    picture("b/3_mislabelled.jpg", 20, 20, 4);
    picture("b/4_one_pixel.ppm", 1, 1, 5);
    ImageFolderDataset dataset = ImageFolderDataset.open(folder, PREPROCESSING);
    try (TrainingBatches training =
        TrainingBatches.of(dataset)
            .batchSize(5)
            .augmentation(dataset.standardAugmentation())
            .build()) {
      assertThat(training.next().getFeatures().size(0)).isEqualTo(5);
      assertThat(training.unreadable()).containsExactly(1, 2);
    }
    try (EvaluationBatches evaluation = new EvaluationBatches(dataset, 5, 2)) {
      DataSet batch = evaluation.next();
      assertThat(batch.getExampleMetaData(Integer.class)).containsExactly(0, 3, 4);
      assertThat(evaluation.hasNext()).isFalse();
      assertThat(evaluation.unreadable().get(1))
          .isEqualTo(folder.resolve("a/1_empty.jpg") + ": is empty, an image expected");
      assertThat(evaluation.unreadable()).hasSize(2);
    }
  }

  @Test
  void opensPhotographs() {
    Path data = Reference.data("imagenet-mini").resolve("train");
    ImageFolderDataset dataset = ImageFolderDataset.open(data, PREPROCESSING);
    assertThat(dataset.size()).isEqualTo(60);
    assertThat(dataset.classNames()).hasSize(60).isSorted();
  }

  private Path picture(String name, int width, int height, int seed) throws IOException {
    byte[] header = ("P6 " + width + " " + height + " 255\n").getBytes(StandardCharsets.US_ASCII);
    byte[] file = Arrays.copyOf(header, header.length + 3 * width * height);
    for (int i = header.length; i < file.length; i++) {
      file[i] = (byte) ((i * seed * 7) ^ (i >> 4));
    }
    Path path = folder.resolve(name);
    Files.createDirectories(path.getParent());
    return Files.write(path, file);
  }
}
