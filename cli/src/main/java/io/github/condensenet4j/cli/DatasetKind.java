package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.InvalidOptionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The layouts in which images come. */
enum DatasetKind {
  /** CIFAR-10's binary files. */
  CIFAR10("cifar10"),
  /** CIFAR-100's binary files. */
  CIFAR100("cifar100"),
  /** A folder with a folder of images for each class. */
  IMAGE_FOLDER("imagefolder"),
  /** A numpy archive with {@code x} and {@code y}. */
  NPZ("npz");

  private static final List<String> WORDS = List.of("cifar10", "cifar100", "imagefolder", "npz");

  private final String word;

  DatasetKind(String word) {
    this.word = word;
  }

  /** Returns the word of the option {@code --dataset}. */
  String word() {
    return word;
  }

  /**
   * Returns the layout that {@code word} means; {@code imagenet} is an image folder.
   *
   * @throws InvalidOptionException if it means none
   */
  static DatasetKind of(String word) {
    for (DatasetKind kind : values()) {
      if (kind.word.equals(word)) {
        return kind;
      }
    }
    if (word.equals("imagenet")) {
      return IMAGE_FOLDER;
    }
    throw new InvalidOptionException(
        "--dataset is "
            + word
            + ", "
            + String.join(", ", WORDS)
            + " expected"
            + NearestNames.question(word, WORDS));
  }

  /** Returns the layout that {@code data} looks like. */
  static DatasetKind guess(Path data) {
    if (data.toString().endsWith(".npz")
        || Files.exists(data.resolve("train.npz"))
        || Files.exists(data.resolve("val.npz"))) {
      return NPZ;
    }
    for (Path folder : List.of(data, data.resolve("cifar-10-batches-bin"))) {
      if (Files.exists(folder.resolve("data_batch_1.bin"))
          || Files.exists(folder.resolve("test_batch.bin"))) {
        return CIFAR10;
      }
    }
    for (Path folder : List.of(data, data.resolve("cifar-100-binary"))) {
      if (Files.exists(folder.resolve("train.bin")) || Files.exists(folder.resolve("test.bin"))) {
        return CIFAR100;
      }
    }
    return IMAGE_FOLDER;
  }
}
