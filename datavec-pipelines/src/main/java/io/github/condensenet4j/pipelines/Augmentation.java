package io.github.condensenet4j.pipelines;

import io.github.condensenet4j.images.RgbImage;

/**
 * A random change of a training image before it is normalised.
 *
 * <p>Stateless and safe for use by several threads: what is random comes from the stream that is
 * passed in, which depends on seed, pass and image alone.
 */
public interface Augmentation {

  /** Returns {@code image} changed, in the size that the network takes. */
  RgbImage apply(RgbImage image, RandomStream random);

  /** Returns the augmentation that leaves images as evaluation sees them. */
  static Augmentation none() {
    return NoAugmentation.INSTANCE;
  }

  /** Returns this augmentation followed by {@code next}, both drawing from one stream. */
  default Augmentation andThen(Augmentation next) {
    return (image, random) -> next.apply(apply(image, random), random);
  }
}
