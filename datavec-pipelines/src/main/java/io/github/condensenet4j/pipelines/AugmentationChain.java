package io.github.condensenet4j.pipelines;

import io.github.condensenet4j.images.RgbImage;

/** Two augmentations, one after the other. */
record AugmentationChain(Augmentation first, Augmentation second) implements Augmentation {

  @Override
  public RgbImage apply(RgbImage image, RandomStream random) {
    return second.apply(first.apply(image, random), random);
  }

  @Override
  public RgbImage apply(EncodedPicture picture, RandomStream random) {
    return second.apply(first.apply(picture, random), random);
  }

  @Override
  public String description() {
    return first.description() + ", " + second.description();
  }
}
