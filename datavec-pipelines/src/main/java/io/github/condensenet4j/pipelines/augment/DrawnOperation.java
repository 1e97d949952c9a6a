package io.github.condensenet4j.pipelines.augment;

import io.github.condensenet4j.core.preprocessing.Interpolation;
import io.github.condensenet4j.images.RgbImage;
import io.github.condensenet4j.pipelines.RandomStream;
import java.util.Optional;

/**
 * An operation as a policy draws it: with a probability, at a level around a mean.
 *
 * @param operation what is done
 * @param probability how often, 0 to 1
 * @param magnitude mean level, 0 to 10
 * @param deviation standard deviation of the level, 0 or more; infinite for any level from 0 to
 *     {@code magnitude}
 * @param interpolation how pixels are moved; empty for bilinear or bicubic, equally likely
 */
record DrawnOperation(
    ImageOperation operation,
    double probability,
    double magnitude,
    double deviation,
    Optional<Interpolation> interpolation) {

  /**
   * An operation with what was drawn for it.
   *
   * @param argument see {@link ImageOperation#apply}
   */
  record Drawn(ImageOperation operation, double argument, Interpolation interpolation) {
    /** Does it, and notes so. */
    RgbImage apply(RgbImage image, RandomStream random) {
      random.note(() -> operation.described(argument));
      return operation.apply(image, argument, interpolation);
    }
  }

  /** Draws whether it is done and how; empty if it is not. */
  Optional<Drawn> draw(RandomStream random) {
    if (probability < 1 && random.nextDouble() > probability) {
      return Optional.empty();
    }
    double level = magnitude;
    if (deviation == Double.POSITIVE_INFINITY) {
      level = random.nextDouble(0, magnitude);
    } else if (deviation > 0) {
      level = magnitude + deviation * random.nextGaussian();
    }
    level = Math.max(0, Math.min(ImageOperation.MOST, level));
    boolean negative = operation.hasSign() && random.nextBoolean();
    return Optional.of(
        new Drawn(
            operation,
            operation.argument(level, negative),
            interpolation.orElseGet(
                () -> random.nextBoolean() ? Interpolation.BICUBIC : Interpolation.BILINEAR)));
  }
}
