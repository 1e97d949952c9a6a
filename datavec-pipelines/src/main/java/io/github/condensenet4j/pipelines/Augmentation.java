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

  /**
   * Returns {@code picture} changed, like {@link #apply(RgbImage, RandomStream)}. Who wants a part
   * of it only may ask for that.
   */
  default RgbImage apply(EncodedPicture picture, RandomStream random) {
    return apply(picture.decode(), random);
  }

  /**
   * Returns what it does in a few words, the same in every process: a run may only be resumed with
   * augmentations that say the same. Those of this package say their numbers.
   */
  default String description() {
    return getClass().isRecord() ? toString() : "an augmentation of the program's own";
  }

  /** Returns the augmentation that leaves images as evaluation sees them. */
  static Augmentation none() {
    return NoAugmentation.INSTANCE;
  }

  /** Returns this augmentation followed by {@code next}, both drawing from one stream. */
  default Augmentation andThen(Augmentation next) {
    return new AugmentationChain(this, next);
  }
}
