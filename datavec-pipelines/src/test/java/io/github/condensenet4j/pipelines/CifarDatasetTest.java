package io.github.condensenet4j.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.preprocessing.Preprocessing;
import io.github.condensenet4j.fixtures.Reference;
import io.github.condensenet4j.images.Normalization;
import io.github.condensenet4j.images.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarDatasetTest {

  private static final Normalization PLAIN =
      Normalization.of(List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));
  private static final Normalization CIFAR10 =
      Normalization.of(Preprocessing.CIFAR10_MEAN, Preprocessing.CIFAR10_STD);

  @TempDir private Path folder;

  @Test
  void readsTheSampleOfTheRepository() {
    Path sample = Reference.repository().resolve("examples/cifar10-sample");
    CifarDataset train = CifarDataset.train(sample, CifarFormat.CIFAR10, CIFAR10);
    CifarDataset test = CifarDataset.test(sample, CifarFormat.CIFAR10, CIFAR10);
    assertThat(train.size()).isEqualTo(600);
    assertThat(test.size()).isEqualTo(200);
    assertThat(train.classNames())
        .containsExactly(
            "airplane",
            "automobile",
            "bird",
            "cat",
            "deer",
            "dog",
            "frog",
            "horse",
            "ship",
            "truck");
    int[] perClass = new int[10];
    for (int index = 0; index < train.size(); index++) {
      perClass[train.label(index)]++;
    }
    assertThat(perClass).containsOnly(60);
  }

  @Test
  void normalisesEverySampleAsTorchDoes() throws IOException {
    write("test_batch.bin", 2, 3073, 4);
    CifarDataset dataset = CifarDataset.test(folder, CifarFormat.CIFAR10, CIFAR10);
    float[] values = new float[1 + dataset.values()];
    dataset.read(1, values, 1);
    byte[] bytes = Files.readAllBytes(folder.resolve("test_batch.bin"));
    for (int i = 0; i < dataset.values(); i++) {
      int sample = bytes[3073 + 1 + i] & 0xff;
      float mean = Preprocessing.CIFAR10_MEAN.get(i / 1024).floatValue();
      float std = Preprocessing.CIFAR10_STD.get(i / 1024).floatValue();
      assertThat(values[1 + i]).isEqualTo((sample / 255f - mean) / std);
    }
    assertThat(dataset.label(1)).isEqualTo(4);
    assertThat(dataset.name(1)).endsWith("test_batch.bin, record 1");
  }

  @Test
  void joinsTheTrainingFilesAndFindsThemInTheOfficialFolder() throws IOException {
    Path official = Files.createDirectory(folder.resolve("cifar-10-batches-bin"));
    for (int number = 1; number <= 5; number++) {
      write("cifar-10-batches-bin/data_batch_" + number + ".bin", number, 3073, number);
    }
    CifarDataset dataset = CifarDataset.train(folder, CifarFormat.CIFAR10, PLAIN);
    assertThat(dataset.size()).isEqualTo(15);
    assertThat(dataset.label(0)).isEqualTo(1);
    assertThat(dataset.label(14)).isEqualTo(5);
    assertThat(dataset.name(14)).isEqualTo(official.resolve("data_batch_5.bin") + ", record 4");
  }

  @Test
  void takesTheFineLabelOfCifar100() throws IOException {
    write("train.bin", 1, 3074, 19, 99);
    CifarDataset dataset = CifarDataset.train(folder, CifarFormat.CIFAR100, PLAIN);
    assertThat(dataset.label(0)).isEqualTo(99);
    assertThat(dataset.classNames()).hasSize(100).startsWith("apple").endsWith("worm");
    byte[] bytes = Files.readAllBytes(folder.resolve("train.bin"));
    assertThat(dataset.image(0).sample(0, 0, 0)).isEqualTo(bytes[2] & 0xff);
    assertThat(dataset.image(0).sample(31, 31, 2)).isEqualTo(bytes[3073] & 0xff);
  }

  @Test
  void opensASingleFile() throws IOException {
    write("mine.bin", 3, 3073, 0);
    CifarDataset dataset =
        CifarDataset.test(folder.resolve("mine.bin"), CifarFormat.CIFAR10, PLAIN);
    assertThat(dataset.size()).isEqualTo(3);
  }

  @Test
  void placesPlanesAsTheAugmentationPlacesImages() throws IOException {
    write("test_batch.bin", 1, 3073, 4);
    CifarDataset dataset = CifarDataset.test(folder, CifarFormat.CIFAR10, CIFAR10);
    float[] direct = new float[dataset.values()];
    float[] throughImage = new float[dataset.values()];
    for (int padding : new int[] {0, 4, 40}) {
      PadCropFlip augmentation = new PadCropFlip(padding);
      for (int pass = 0; pass < 50; pass++) {
        dataset.readAugmented(0, augmentation, RandomStream.of(1, pass), direct, 0);
        Augmentation hidden = augmentation.andThen(Augmentation.none());
        dataset.readAugmented(0, hidden, RandomStream.of(1, pass), throughImage, 0);
        assertThat(direct).isEqualTo(throughImage);
      }
    }
  }

  @Test
  void refusesAnAugmentationThatChangesTheSize() throws IOException {
    write("test_batch.bin", 1, 3073, 4);
    CifarDataset dataset = CifarDataset.test(folder, CifarFormat.CIFAR10, CIFAR10);
    Augmentation cut = (image, random) -> new RgbImage(1, 1, new byte[3]);
    assertThatThrownBy(
            () -> dataset.readAugmented(0, cut, RandomStream.of(1), new float[dataset.values()], 0))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("32x32 pixels expected");
  }

  @Test
  void refusesAFileOfAWrongLength() throws IOException {
    Files.write(folder.resolve("test_batch.bin"), new byte[3072]);
    assertThatThrownBy(() -> CifarDataset.test(folder, CifarFormat.CIFAR10, PLAIN))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageStartingWith(folder.resolve("test_batch.bin").toString())
        .hasMessageContaining("has 3072 bytes, a multiple of 3073 expected of a file of CIFAR-10");
    Files.write(folder.resolve("test_batch.bin"), new byte[0]);
    assertThatThrownBy(() -> CifarDataset.test(folder, CifarFormat.CIFAR10, PLAIN))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("has 0 bytes");
  }

  @Test
  void refusesALabelOutOfRangeWithItsRecord() throws IOException {
    write("test_batch.bin", 3, 3073, 9);
    byte[] bytes = Files.readAllBytes(folder.resolve("test_batch.bin"));
    bytes[2 * 3073] = 10;
    Files.write(folder.resolve("test_batch.bin"), bytes);
    assertThatThrownBy(() -> CifarDataset.test(folder, CifarFormat.CIFAR10, PLAIN))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("record 2 has label 10, 0 to 9 expected");
  }

  @Test
  void saysWhichFileIsMissing() throws IOException {
    assertThatThrownBy(() -> CifarDataset.train(folder, CifarFormat.CIFAR10, PLAIN))
        .isInstanceOf(InvalidFileException.class)
        .hasMessage(
            folder + ": holds no data_batch_1.bin, expected in the binary version of CIFAR-10");
    Path nowhere = folder.resolve("nowhere");
    assertThatThrownBy(() -> CifarDataset.test(nowhere, CifarFormat.CIFAR100, PLAIN))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageStartingWith(nowhere + ": there is no such folder");
    write("data_batch_1.bin", 1, 3073, 0);
    write("data_batch_3.bin", 1, 3073, 0);
    assertThatThrownBy(() -> CifarDataset.train(folder, CifarFormat.CIFAR10, PLAIN))
        .isInstanceOf(InvalidFileException.class)
        .hasMessage(
            folder.resolve("data_batch_2.bin")
                + ": is missing, though data_batch_3.bin is there; copy all of them");
  }

  @Test
  void refusesClassNamesOfAnotherNumber() throws IOException {
    write("test_batch.bin", 1, 3073, 0);
    Files.writeString(
        folder.resolve("batches.meta.txt"), String.join("\n", Collections.nCopies(9, "cat")));
    assertThatThrownBy(() -> CifarDataset.test(folder, CifarFormat.CIFAR10, PLAIN))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("holds 9 class names, 10 expected");
  }

  private void write(String name, int records, int recordBytes, int... labels) throws IOException {
    byte[] bytes = new byte[records * recordBytes];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) ((i * 31) ^ (i >> 5));
    }
    for (int record = 0; record < records; record++) {
      for (int i = 0; i < labels.length; i++) {
        bytes[record * recordBytes + i] = (byte) labels[i];
      }
    }
    Files.write(folder.resolve(name), bytes);
  }
}
