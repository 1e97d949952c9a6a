package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.architecture.Architecture;
import io.github.condensenet4j.core.numpy.NpzFile;
import io.github.condensenet4j.core.preprocessing.Preprocessing;
import io.github.condensenet4j.core.tensor.Tensor;
import io.github.condensenet4j.images.Normalization;
import io.github.condensenet4j.pipelines.CifarDataset;
import io.github.condensenet4j.pipelines.CifarFormat;
import io.github.condensenet4j.pipelines.ImageFolderDataset;
import io.github.condensenet4j.pipelines.LabeledImages;
import io.github.condensenet4j.pipelines.NumpyDataset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The training and validation images of one layout.
 *
 * @param kind layout
 * @param data where the images are; it may hold {@code train} and {@code val}
 * @param valData where the validation images are, if elsewhere
 * @param scaledDecode whether large JPEG pictures are decoded to a part of their size
 */
record Datasets(DatasetKind kind, Path data, Optional<Path> valData, boolean scaledDecode) {

  private static final String TRAINING = "train";
  private static final String VALIDATION = "val";
  private static final List<String> TEST_FILES =
      List.of(
          "test_batch.bin",
          "cifar-10-batches-bin/test_batch.bin",
          "test.bin",
          "cifar-100-binary/test.bin");

  /** Returns how pictures of this layout usually come to a network called {@code model}. */
  Preprocessing usualPreprocessing(String model, int imageSize) {
    return switch (kind) {
      case CIFAR100 -> Preprocessing.cifar100(imageSize);
      case CIFAR10, NPZ -> Preprocessing.cifar10(imageSize);
      case IMAGE_FOLDER -> Preprocessing.imageNet(imageSize, Preprocessing.interpolationOf(model));
    };
  }

  /** Returns the name of a network that images of this layout are usually for. */
  String usualModel() {
    return kind == DatasetKind.IMAGE_FOLDER ? "cdnv2_a" : "cdnv2_110";
  }

  /** Opens the images to learn from. */
  LabeledImages training(Architecture network, Preprocessing preprocessing) {
    return open(part(TRAINING).orElse(data), true, network, List.of(), preprocessing);
  }

  /**
   * Opens the images to judge training by, if there are any.
   *
   * @param classNames classes of the training images
   */
  Optional<LabeledImages> validation(
      Architecture network, List<String> classNames, Preprocessing preprocessing) {
    return placeOfValidation().map(place -> open(place, false, network, classNames, preprocessing));
  }

  /**
   * Opens the images to evaluate with: those for validation, or all there are where nothing is set
   * apart.
   *
   * @param classNames classes that the network was trained for; empty if they are not known
   */
  LabeledImages evaluation(
      Architecture network, List<String> classNames, Preprocessing preprocessing) {
    if (placeOfValidation().isEmpty() && part(TRAINING).isPresent()) {
      throw new InvalidFileException(
          data, "has images for training but none for validation; name some with --val-data");
    }
    return open(placeOfValidation().orElse(data), false, network, classNames, preprocessing);
  }

  /** Returns the folders of class folders that there are. */
  List<Path> imageFolders() {
    List<Path> folders = new ArrayList<>(List.of(part(TRAINING).orElse(data)));
    placeOfValidation().filter(place -> !folders.contains(place)).ifPresent(folders::add);
    return folders;
  }

  private Optional<Path> placeOfValidation() {
    Optional<Path> apart = valData.or(() -> part(VALIDATION));
    boolean isCifar = kind == DatasetKind.CIFAR10 || kind == DatasetKind.CIFAR100;
    boolean isBeside =
        isCifar && TEST_FILES.stream().anyMatch(file -> Files.exists(data.resolve(file)));
    return apart.isEmpty() && isBeside ? Optional.of(data) : apart;
  }

  /** Returns where a part of the data is that has a place of its own. */
  private Optional<Path> part(String name) {
    List<String> endings =
        switch (kind) {
          case NPZ -> List.of(".npz");
          case IMAGE_FOLDER -> List.of("", ".tar", ".zip");
          default -> List.of("");
        };
    return endings.stream()
        .map(ending -> data.resolve(name + ending))
        .filter(Files::exists)
        .findFirst();
  }

  private LabeledImages open(
      Path place,
      boolean training,
      Architecture network,
      List<String> classNames,
      Preprocessing preprocessing) {
    return switch (kind) {
      case CIFAR10 -> cifar(place, CifarFormat.CIFAR10, training, preprocessing);
      case CIFAR100 -> cifar(place, CifarFormat.CIFAR100, training, preprocessing);
      case IMAGE_FOLDER -> folder(place, classNames, preprocessing);
      case NPZ ->
          NumpyDataset.of(
              place.toString(),
              array(place, "x"),
              array(place, "y"),
              network.numClasses(),
              normalization(preprocessing));
    };
  }

  /**
   * Folders named as the classes of the network must be exactly those, or labels would be mistaken.
   * Folders that share no name with them (numbers of synsets, say) are taken in their order.
   */
  private LabeledImages folder(Path place, List<String> classNames, Preprocessing preprocessing) {
    ImageFolderDataset images = ImageFolderDataset.open(place, preprocessing);
    boolean isNamed = images.classNames().stream().anyMatch(classNames::contains);
    ImageFolderDataset fitting =
        isNamed && !images.classNames().equals(classNames)
            ? ImageFolderDataset.open(place, classNames, preprocessing)
            : images;
    return scaledDecode ? fitting.scaledDecode() : fitting;
  }

  private static LabeledImages cifar(
      Path place, CifarFormat format, boolean training, Preprocessing preprocessing) {
    return training
        ? CifarDataset.train(place, format, normalization(preprocessing))
        : CifarDataset.test(place, format, normalization(preprocessing));
  }

  private static Tensor array(Path place, String key) {
    return NpzFile.read(place, key);
  }

  private static Normalization normalization(Preprocessing preprocessing) {
    return Normalization.of(preprocessing.mean(), preprocessing.std());
  }
}
