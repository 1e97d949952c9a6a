package io.github.condensenet4j.pipelines;

import io.github.condensenet4j.core.InvalidFileException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The official binary layouts of CIFAR: records of label bytes and 3072 samples, {@code [3, 32,
 * 32]} in C order.
 */
public enum CifarFormat {
  /**
   * One label byte; {@code data_batch_1.bin} to {@code data_batch_5.bin} and {@code
   * test_batch.bin}.
   */
  CIFAR10(10, 1, "cifar-10-batches-bin", "batches.meta.txt", "cifar10-classes.txt"),

  /**
   * A coarse and a fine label byte, of which the fine one counts; {@code train.bin}, {@code
   * test.bin}.
   */
  CIFAR100(100, 2, "cifar-100-binary", "fine_label_names.txt", "cifar100-classes.txt");

  /** Width and height of every image in pixels. */
  static final int SIDE = 32;

  /** Number of samples of an image. */
  static final int SAMPLES = 3 * SIDE * SIDE;

  private static final int MAX_NAMES_BYTES = 1 << 16;

  private final int classes;
  private final int labelBytes;
  private final String officialFolder;
  private final String namesFile;
  private final String namesResource;

  CifarFormat(
      int classes, int labelBytes, String officialFolder, String namesFile, String namesResource) {
    this.classes = classes;
    this.labelBytes = labelBytes;
    this.officialFolder = officialFolder;
    this.namesFile = namesFile;
    this.namesResource = namesResource;
  }

  /** Returns the number of classes. */
  public int classes() {
    return classes;
  }

  int recordBytes() {
    return labelBytes + SAMPLES;
  }

  /** Returns where the label that counts stands in a record. */
  int labelOffset() {
    return labelBytes - 1;
  }

  /** Returns where the samples begin in a record. */
  int samplesOffset() {
    return labelBytes;
  }

  /**
   * Returns {@code folder}, or the folder inside it that the official archive unpacks to, if that
   * is what holds the files.
   */
  Path folderOf(Path folder) {
    Path official = folder.resolve(officialFolder);
    return Files.isDirectory(official) ? official : folder;
  }

  /**
   * Returns the files of a part that {@code folder} holds, in order. Of CIFAR-10's five training
   * files there may be fewer, but none between two others may be missing.
   *
   * @throws InvalidFileException if there are none, or one is missing
   */
  List<Path> files(Path folder, boolean training) {
    if (!Files.isDirectory(folder)) {
      throw new InvalidFileException(
          folder, "there is no such folder, one with the binary files of " + this + " expected");
    }
    List<Path> files = new ArrayList<>();
    if (this == CIFAR10 && training) {
      Path missing = null;
      for (int number = 1; number <= 5; number++) {
        Path file = folder.resolve("data_batch_" + number + ".bin");
        if (!Files.exists(file)) {
          missing = missing == null ? file : missing;
        } else if (missing != null) {
          throw new InvalidFileException(
              missing, "is missing, though " + file.getFileName() + " is there; copy all of them");
        } else {
          files.add(file);
        }
      }
    } else {
      Path file = folder.resolve(name(training));
      if (Files.exists(file)) {
        files.add(file);
      }
    }
    if (files.isEmpty()) {
      throw new InvalidFileException(
          folder, "holds no " + name(training) + ", expected in the binary version of " + this);
    }
    return files;
  }

  private String name(boolean training) {
    if (this == CIFAR10) {
      return training ? "data_batch_1.bin" : "test_batch.bin";
    }
    return training ? "train.bin" : "test.bin";
  }

  /**
   * Returns the class names that {@code folder} gives, or the official ones if it gives none.
   *
   * @throws InvalidFileException if there are too few or too many
   */
  List<String> classNames(Path folder) {
    Path file = folder.resolve(namesFile);
    if (!Files.exists(file)) {
      return officialNames();
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] text = in.readNBytes(MAX_NAMES_BYTES);
      List<String> names = lines(text);
      if (names.size() != classes) {
        throw new InvalidFileException(
            file, "holds " + names.size() + " class names, " + classes + " expected");
      }
      return names;
    } catch (IOException e) {
      throw new InvalidFileException(file, "cannot be read: " + e.getMessage(), e);
    }
  }

  private List<String> officialNames() {
    try (InputStream in = CifarFormat.class.getResourceAsStream(namesResource)) {
      return lines(in.readAllBytes());
    } catch (IOException e) {
      throw new IllegalStateException(namesResource + " is not on the class path", e);
    }
  }

  private static List<String> lines(byte[] text) {
    return new String(text, StandardCharsets.UTF_8)
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .toList();
  }

  @Override
  public String toString() {
    return this == CIFAR10 ? "CIFAR-10" : "CIFAR-100";
  }
}
