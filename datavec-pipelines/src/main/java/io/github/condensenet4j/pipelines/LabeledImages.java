package io.github.condensenet4j.pipelines;

import io.github.condensenet4j.images.EvaluationView;
import io.github.condensenet4j.images.Normalization;
import java.util.List;
import java.util.Optional;

/**
 * Images of one size with a class each, by index: what a network is trained on or judged by.
 *
 * <p>Safe for use by several threads at a time. Reading an image may fail with an {@link
 * io.github.condensenet4j.core.InvalidFileException} that names it; everything else was checked
 * when the dataset was opened.
 */
public interface LabeledImages {

  /** Returns the number of images. */
  int size();

  /** Returns the name of each class, in the order of the labels. */
  List<String> classNames();

  /**
   * Returns the class of an image, 0 to {@code classNames().size() - 1}.
   *
   * @param index 0 to {@link #size()} - 1
   */
  int label(int index);

  /**
   * Returns the name by which messages call an image: its file, and its record where one has many.
   */
  String name(int index);

  /** Returns the number of channels of every image. */
  int channels();

  /** Returns the height of every image in pixels, after preprocessing. */
  int height();

  /** Returns the width of every image in pixels, after preprocessing. */
  int width();

  /** Returns the number of values of an image: channels · height · width. */
  default int values() {
    return channels() * height() * width();
  }

  /**
   * Writes an image as evaluation sees it, {@code [channels, height, width]} in C order, to {@code
   * values} from {@code offset} on.
   *
   * @throws io.github.condensenet4j.core.InvalidFileException if the image cannot be read
   */
  void read(int index, float[] values, int offset);

  /**
   * Writes one view of an image, like {@link #read(int, float[], int)}. Images that come in the
   * network's size have no corners beside the middle.
   *
   * @throws io.github.condensenet4j.core.InvalidFileException if the image cannot be read
   */
  default void read(int index, EvaluationView view, float[] values, int offset) {
    read(index, values, offset);
    if (view.isMirrored()) {
      for (int row = 0; row < channels() * height(); row++) {
        int start = offset + row * width();
        for (int left = 0; left < width() / 2; left++) {
          float value = values[start + left];
          values[start + left] = values[start + width() - 1 - left];
          values[start + width() - 1 - left] = value;
        }
      }
    }
  }

  /**
   * Writes an image as training sees it, changed by {@code augmentation}, like {@link #read}.
   *
   * @param random where the augmentation draws from
   * @throws io.github.condensenet4j.core.InvalidFileException if the image cannot be read
   * @throws io.github.condensenet4j.core.InvalidOptionException if the augmentation does not fit
   *     these images
   */
  void readAugmented(
      int index, Augmentation augmentation, RandomStream random, float[] values, int offset);

  /**
   * Returns how the grey levels of {@link #readGreyLevels} become the floats of {@link
   * #readAugmented}; nothing where images are no grey levels.
   */
  default Optional<Normalization> normalization() {
    return Optional.empty();
  }

  /**
   * Writes the grey levels, 0 to 255, of an image as training sees it, {@code [channels, height,
   * width]}, to {@code planes} from {@code offset} on. Without augmentation they are those that
   * evaluation sees.
   *
   * @param random where the augmentation draws from
   * @throws io.github.condensenet4j.core.InvalidFileException if the image cannot be read
   * @throws UnsupportedOperationException if there is no {@link #normalization}
   */
  default void readGreyLevels(
      int index, Augmentation augmentation, RandomStream random, byte[] planes, int offset) {
    throw new UnsupportedOperationException(name(index) + " has no grey levels");
  }

  /** Returns the augmentation that the official training gives to images of this kind. */
  Augmentation standardAugmentation();
}
