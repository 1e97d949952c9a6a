package io.github.condensenet4j.pipelines;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.preprocessing.Preprocessing;
import io.github.condensenet4j.images.EvaluationPreprocessor;
import io.github.condensenet4j.images.EvaluationView;
import io.github.condensenet4j.images.ImageDecoder;
import io.github.condensenet4j.images.RgbImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A folder of class folders of image files, as torchvision's {@code ImageFolder}: classes and files
 * in the order of their names, files found at any depth by their extension.
 *
 * <p>Where the folder has a {@link FolderIndex} that is up to date, files are not listed again.
 * They are decoded when they are read; which ones cannot be is known only then.
 */
public final class ImageFolderDataset implements LabeledImages {

  private final Path folder;
  private final List<String> classNames;
  private final Preprocessing preprocessing;
  private final EvaluationPreprocessor preprocessor;
  private final List<String> files;
  private final int[] labels;

  private ImageFolderDataset(
      Path folder, FolderIndex listed, List<String> classNames, Preprocessing preprocessing) {
    this.folder = folder;
    this.classNames = List.copyOf(classNames);
    this.preprocessing = preprocessing;
    this.preprocessor = new EvaluationPreprocessor(preprocessing);
    List<String> found = new ArrayList<>();
    int[] ends = new int[classNames.size()];
    for (int label = 0; label < ends.length; label++) {
      found.addAll(images(listed, folder, classNames.get(label)));
      ends[label] = found.size();
    }
    this.files = List.copyOf(found);
    this.labels = new int[files.size()];
    for (int label = 0, index = 0; label < ends.length; label++) {
      while (index < ends[label]) {
        labels[index++] = label;
      }
    }
  }

  /**
   * Opens {@code folder}, whose folders are the classes, in the order of their names.
   *
   * @throws InvalidFileException if it is no folder, holds none, or one of them holds no image
   */
  public static ImageFolderDataset open(Path folder, Preprocessing preprocessing) {
    FolderIndex index = index(folder);
    List<String> classNames = index.classNames();
    if (classNames.isEmpty()) {
      throw new InvalidFileException(
          folder, "holds no class folders, one with images for each class expected");
    }
    return new ImageFolderDataset(folder, index, classNames, preprocessing);
  }

  /** Returns what the folder holds, from its index where it has one that is up to date. */
  private static FolderIndex index(Path folder) {
    int threads = Runtime.getRuntime().availableProcessors();
    return FolderIndex.find(folder).orElseGet(() -> FolderIndex.list(folder, threads));
  }

  /**
   * Opens {@code folder}, whose folders must be the classes {@code classNames}: what a model was
   * trained on, so that its labels are meant.
   *
   * @throws InvalidFileException if a class has no folder or a folder no class or no image
   */
  public static ImageFolderDataset open(
      Path folder, List<String> classNames, Preprocessing preprocessing) {
    FolderIndex index = index(folder);
    List<String> found = index.classNames();
    for (String name : classNames) {
      if (!found.contains(name)) {
        throw new InvalidFileException(
            folder, "the class folder " + name + " is missing; add it with its images");
      }
    }
    for (String name : found) {
      if (!classNames.contains(name)) {
        throw new InvalidFileException(
            folder.resolve(name),
            "is no class of the " + classNames.size() + " known ones; move the folder away");
      }
    }
    return new ImageFolderDataset(folder, index, classNames, preprocessing);
  }

  /** Returns the image files of a class, relative to the folder, in order. */
  private static List<String> images(FolderIndex index, Path folder, String className) {
    List<String> images = index.files(className);
    if (images.isEmpty()) {
      throw new InvalidFileException(
          folder.resolve(className),
          "holds no images; files with " + String.join(", ", FolderIndex.EXTENSIONS) + " expected");
    }
    return images;
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public List<String> classNames() {
    return classNames;
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  @Override
  public String name(int index) {
    return file(index).toString();
  }

  /** Returns the file of an image. */
  public Path file(int index) {
    return folder.resolve(files.get(index));
  }

  @Override
  public int channels() {
    return 3;
  }

  @Override
  public int height() {
    return preprocessing.imageSize();
  }

  @Override
  public int width() {
    return preprocessing.imageSize();
  }

  @Override
  public void read(int index, float[] values, int offset) {
    read(index, EvaluationView.CENTRE, values, offset);
  }

  @Override
  public void read(int index, EvaluationView view, float[] values, int offset) {
    preprocessor.apply(ImageDecoder.decode(file(index)), view, values, offset);
  }

  @Override
  public void readAugmented(
      int index, Augmentation augmentation, RandomStream random, float[] values, int offset) {
    RgbImage augmented = augmentation.apply(ImageDecoder.decode(file(index)), random);
    if (augmented.width() != width() || augmented.height() != height()) {
      throw new InvalidOptionException(
          "size of augmented images", width() + "x" + height() + " pixels", augmented);
    }
    preprocessor.normalization().apply(augmented, values, offset);
  }

  @Override
  public Augmentation standardAugmentation() {
    return new RandomResizedCropFlip(preprocessing.imageSize());
  }
}
