package io.github.condensenet4j.pipelines.augment;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.preprocessing.Interpolation;
import io.github.condensenet4j.images.RgbImage;
import io.github.condensenet4j.pipelines.Augmentation;
import io.github.condensenet4j.pipelines.RandomStream;

/**
 * Changes brightness, contrast and colour in random order, each by a factor from {@code 1 −
 * strength} (at least 0) to {@code 1 + strength}, as torchvision's class of the same name.
 *
 * @param strength at least 0
 */
public record ColorJitter(double strength) implements Augmentation {

  private static final ImageOperation[] OPERATIONS = {
    ImageOperation.BRIGHTNESS, ImageOperation.CONTRAST, ImageOperation.COLOR
  };

  /**
   * Checks the strength.
   *
   * @throws InvalidOptionException if it is below 0 or not finite
   */
  public ColorJitter {
    if (!(strength >= 0 && strength < Double.POSITIVE_INFINITY)) {
      throw new InvalidOptionException("--color-jitter", "a finite number of at least 0", strength);
    }
  }

  @Override
  public RgbImage apply(RgbImage image, RandomStream random) {
    RgbImage changed = image;
    for (int index : random.permutation(OPERATIONS.length)) {
      double factor = random.nextDouble(Math.max(0, 1 - strength), 1 + strength);
      random.note(() -> OPERATIONS[index].described(factor));
      changed = OPERATIONS[index].apply(changed, factor, Interpolation.BILINEAR);
    }
    return changed;
  }
}
