package io.github.condensenet4j.pipelines;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.images.RgbImage;

/**
 * The augmentation of CIFAR: black edges are added, a part of the original size is cut out at a
 * random place, and half of the images are mirrored.
 *
 * @param padding pixels added on each side, at least 0
 */
public record PadCropFlip(int padding) implements Augmentation {

  public PadCropFlip {
    if (padding < 0) {
      throw new InvalidOptionException("padding", "at least 0", padding);
    }
  }

  @Override
  public RgbImage apply(RgbImage image, RandomStream random) {
    Placement placement = draw(random);
    RgbImage cropped = image.crop(placement.left(), placement.top(), image.width(), image.height());
    return placement.flipped() ? cropped.flip() : cropped;
  }

  /** Draws where to cut and whether to mirror. */
  Placement draw(RandomStream random) {
    int top = random.nextInt(2 * padding + 1) - padding;
    int left = random.nextInt(2 * padding + 1) - padding;
    Placement placement = new Placement(left, top, random.nextBoolean());
    random.note(() -> "crop at " + left + "," + top);
    if (placement.flipped()) {
      random.note(() -> "flip");
    }
    return placement;
  }

  /**
   * Where a part is cut out of an image.
   *
   * @param left first column, negative where it lies in the padding
   * @param top first row, negative where it lies in the padding
   * @param flipped whether the part is mirrored afterwards
   */
  record Placement(int left, int top, boolean flipped) {

    /** Leaves the image as it is. */
    static final Placement WHOLE = new Placement(0, 0, false);
  }
}
