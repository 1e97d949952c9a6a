package io.github.condensenet4j.pipelines;

import io.github.condensenet4j.images.RgbImage;

/**
 * Leaves images as they are; datasets that see it take their evaluation path, which also brings
 * images to size.
 */
enum NoAugmentation implements Augmentation {
  INSTANCE;

  @Override
  public RgbImage apply(RgbImage image, RandomStream random) {
    return image;
  }

  @Override
  public String description() {
    return "none";
  }
}
