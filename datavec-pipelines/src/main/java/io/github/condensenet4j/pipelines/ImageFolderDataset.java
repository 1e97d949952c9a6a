package io.github.condensenet4j.pipelines;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.preprocessing.Preprocessing;
import io.github.condensenet4j.images.EvaluationPreprocessor;
import io.github.condensenet4j.images.EvaluationView;
import io.github.condensenet4j.images.ImageDecoder;
import io.github.condensenet4j.images.Normalization;
import io.github.condensenet4j.images.RgbImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A folder of class folders of image files, as torchvision's {@code ImageFolder}: classes and files
 * in the order of their names, files found at any depth by their extension. Or tar or zip archives
 * of such folders, together as if they were one folder.
 *
 * <p>Where the folder has a {@link FolderIndex} that is up to date, files are not listed again.
 * They are decoded when they are read; which ones cannot be is known only then.
 */
public final class ImageFolderDataset implements LabeledImages {

  private final List<String> classNames;
  private final Preprocessing preprocessing;
  private final EvaluationPreprocessor preprocessor;
  private final List<ImageFile> files;
  private final int[] labels;
  private final boolean scaled;

  private ImageFolderDataset(
      Path place, Listing listing, List<String> classNames, Preprocessing preprocessing) {
    this.classNames = List.copyOf(classNames);
    this.preprocessing = preprocessing;
    this.preprocessor = new EvaluationPreprocessor(preprocessing);
    List<ImageFile> found = new ArrayList<>();
    int[] ends = new int[classNames.size()];
    for (int label = 0; label < ends.length; label++) {
      found.addAll(images(listing, place, classNames.get(label)));
      ends[label] = found.size();
    }
    this.files = List.copyOf(found);
    this.labels = new int[files.size()];
    for (int label = 0, index = 0; label < ends.length; label++) {
      while (index < ends[label]) {
        labels[index++] = label;
      }
    }
    this.scaled = false;
  }

  private ImageFolderDataset(ImageFolderDataset other, boolean scaled) {
    classNames = other.classNames;
    preprocessing = other.preprocessing;
    preprocessor = other.preprocessor;
    files = other.files;
    labels = other.labels;
    this.scaled = scaled;
  }

  /**
   * Returns the same images, large JPEG pictures of which are decoded to no more than they need: to
   * a half, a quarter or an eighth of their size, as long as that is still as large as what becomes
   * of them. That is faster, and not equal to the reference any more.
   */
  public ImageFolderDataset scaledDecode() {
    return new ImageFolderDataset(this, true);
  }

  /** Tells whether pictures are decoded to no more than they need. */
  public boolean isScaledDecode() {
    return scaled;
  }

  /**
   * What there is.
   *
   * @param files returns the images of a class, in order
   */
  private record Listing(List<String> classNames, Function<String, List<ImageFile>> files) {

    static Listing of(Path place) {
      return ImageArchives.find(place)
          .map(archives -> new Listing(archives.classNames(), archives::files))
          .orElseGet(() -> ofFolder(place));
    }

    private static Listing ofFolder(Path folder) {
      int threads = Runtime.getRuntime().availableProcessors();
      FolderIndex index =
          FolderIndex.find(folder).orElseGet(() -> FolderIndex.list(folder, threads));
      return new Listing(
          index.classNames(),
          name ->
              index.files(name).stream()
                  .<ImageFile>map(file -> new ImageFile.InFolder(folder, file))
                  .toList());
    }
  }

  /**
   * Opens a folder whose folders are the classes, in the order of their names, or tar or zip
   * archives of such folders: {@code place} itself, or all in it.
   *
   * @throws InvalidFileException if there is no class, or no image of one of them, or an archive is
   *     damaged
   */
  public static ImageFolderDataset open(Path place, Preprocessing preprocessing) {
    Listing listing = Listing.of(place);
    if (listing.classNames().isEmpty()) {
      throw new InvalidFileException(
          place, "holds no class folders, one with images for each class expected");
    }
    return new ImageFolderDataset(place, listing, listing.classNames(), preprocessing);
  }

  /**
   * Opens a place, as {@link #open(Path, Preprocessing)} does, whose folders must be the classes
   * {@code classNames}: what a model was trained on, so that its labels are meant.
   *
   * @throws InvalidFileException if a class has no folder or a folder no class or no image
   */
  public static ImageFolderDataset open(
      Path place, List<String> classNames, Preprocessing preprocessing) {
    Listing listing = Listing.of(place);
    for (String name : classNames) {
      if (!listing.classNames().contains(name)) {
        throw new InvalidFileException(
            place, "the class folder " + name + " is missing; add it with its images");
      }
    }
    for (String name : listing.classNames()) {
      if (!classNames.contains(name)) {
        throw new InvalidFileException(
            place.resolve(name),
            "is no class of the " + classNames.size() + " known ones; move the folder away");
      }
    }
    return new ImageFolderDataset(place, listing, classNames, preprocessing);
  }

  private static List<ImageFile> images(Listing listing, Path place, String className) {
    List<ImageFile> images = listing.files().apply(className);
    if (images.isEmpty()) {
      throw new InvalidFileException(
          place.resolve(className),
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
    return files.get(index).name();
  }

  /**
   * Returns the bytes of an image's file.
   *
   * @throws InvalidFileException if it cannot be read
   */
  byte[] bytes(int index) {
    return files.get(index).read();
  }

  /** Returns an image as it is in its file. */
  RgbImage image(int index) {
    return ImageDecoder.decode(name(index), bytes(index));
  }

  private EncodedPicture picture(int index) {
    return scaled
        ? EncodedPicture.scaled(name(index), bytes(index))
        : EncodedPicture.exact(name(index), bytes(index));
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
    preprocessor.normalization().apply(picture(index).square(preprocessor, view), values, offset);
  }

  @Override
  public void readAugmented(
      int index, Augmentation augmentation, RandomStream random, float[] values, int offset) {
    preprocessor.normalization().apply(augmented(index, augmentation, random), values, offset);
  }

  private RgbImage augmented(int index, Augmentation augmentation, RandomStream random) {
    RgbImage augmented = augmentation.apply(picture(index), random);
    if (augmented.width() != width() || augmented.height() != height()) {
      throw new InvalidOptionException(
          "size of augmented images", width() + "x" + height() + " pixels", augmented);
    }
    return augmented;
  }

  @Override
  public Optional<Normalization> normalization() {
    return Optional.of(preprocessor.normalization());
  }

  @Override
  public void readGreyLevels(
      int index, Augmentation augmentation, RandomStream random, byte[] planes, int offset) {
    RgbImage image =
        augmentation == Augmentation.none()
            ? picture(index).square(preprocessor, EvaluationView.CENTRE)
            : augmented(index, augmentation, random);
    image.copyPlanes(planes, offset);
  }

  @Override
  public Augmentation standardAugmentation() {
    return new RandomResizedCropFlip(preprocessing.imageSize());
  }
}
