package io.github.condensenet4j.pipelines;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.images.EvaluationView;
import java.util.List;

/**
 * The images of a dataset, each in several views one after the other, whose answers are to be
 * averaged (test-time augmentation, {@code --tta}).
 *
 * @param images the dataset
 * @param views how many of {@link EvaluationView} there are of each image, from the first on
 */
public record ViewedImages(LabeledImages images, int views) implements LabeledImages {

  private static final EvaluationView[] ALL = EvaluationView.values();

  /**
   * Checks the number of views.
   *
   * @throws InvalidOptionException if there are not so many, or not so many images
   */
  public ViewedImages {
    if (views < 1 || views > ALL.length) {
      throw new InvalidOptionException("--tta", "0 to " + ALL.length + " views", views);
    }
    if ((long) views * images.size() > Integer.MAX_VALUE) {
      throw new InvalidOptionException(
          "--tta", "at most " + Integer.MAX_VALUE + " views of all images", views);
    }
  }

  /** Returns the image of which {@code index} is a view. */
  public int imageOf(int index) {
    return index / views;
  }

  @Override
  public int size() {
    return views * images.size();
  }

  @Override
  public List<String> classNames() {
    return images.classNames();
  }

  @Override
  public int label(int index) {
    return images.label(imageOf(index));
  }

  @Override
  public String name(int index) {
    return images.name(imageOf(index));
  }

  @Override
  public int channels() {
    return images.channels();
  }

  @Override
  public int height() {
    return images.height();
  }

  @Override
  public int width() {
    return images.width();
  }

  @Override
  public void read(int index, float[] values, int offset) {
    images.read(imageOf(index), ALL[index % views], values, offset);
  }

  @Override
  public void readAugmented(
      int index, Augmentation augmentation, RandomStream random, float[] values, int offset) {
    images.readAugmented(imageOf(index), augmentation, random, values, offset);
  }

  @Override
  public Augmentation standardAugmentation() {
    return images.standardAugmentation();
  }
}
