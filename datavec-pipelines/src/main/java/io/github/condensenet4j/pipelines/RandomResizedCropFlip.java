package io.github.condensenet4j.pipelines;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.preprocessing.Interpolation;
import io.github.condensenet4j.images.PictureRegion;
import io.github.condensenet4j.images.Resizer;
import io.github.condensenet4j.images.RgbImage;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * The augmentation of ImageNet: a part of random area and aspect ratio, resized to a square with
 * random interpolation, and half of them mirrored.
 *
 * <p>Parameters are drawn as timm's {@code RandomResizedCropAndInterpolation} draws them: ten
 * attempts to fit a part, then the largest one in the middle whose ratio is allowed.
 *
 * @param size width and height of the result in pixels
 * @param minArea smallest share of the picture's area, above 0
 * @param maxArea largest share of the picture's area, at most 1
 * @param minRatio smallest width : height
 * @param maxRatio largest width : height
 * @param interpolation how it is resized; empty for bilinear or bicubic, equally likely
 */
public record RandomResizedCropFlip(
    int size,
    double minArea,
    double maxArea,
    double minRatio,
    double maxRatio,
    Optional<Interpolation> interpolation)
    implements Augmentation {

  private static final int ATTEMPTS = 10;

  public RandomResizedCropFlip {
    if (size < 1) {
      throw new InvalidOptionException("image size", "at least 1", size);
    }
    if (!(minArea > 0 && minArea <= maxArea && maxArea <= 1)) {
      throw new InvalidOptionException(
          "range of areas", "above 0, at most 1, in order", minArea + " to " + maxArea);
    }
    if (!(minRatio > 0 && minRatio <= maxRatio && maxRatio < Double.POSITIVE_INFINITY)) {
      throw new InvalidOptionException(
          "range of aspect ratios", "finite, above 0, in order", minRatio + " to " + maxRatio);
    }
  }

  /** Creates the official augmentation: areas of 0.08 to 1, ratios of 3:4 to 4:3. */
  public RandomResizedCropFlip(int size) {
    this(size, 0.08, 1, 3.0 / 4, 4.0 / 3, Optional.empty());
  }

  /** Returns the same with another smallest share of the area. */
  public RandomResizedCropFlip withMinArea(double newMinArea) {
    return new RandomResizedCropFlip(size, newMinArea, maxArea, minRatio, maxRatio, interpolation);
  }

  /** Returns the same with another interpolation; empty for bilinear or bicubic, equally likely. */
  public RandomResizedCropFlip with(Optional<Interpolation> newInterpolation) {
    return new RandomResizedCropFlip(size, minArea, maxArea, minRatio, maxRatio, newInterpolation);
  }

  @Override
  public RgbImage apply(RgbImage image, RandomStream random) {
    return apply(
        image.width(), image.height(), (part, drawn) -> resize(image, part, drawn), random);
  }

  @Override
  public RgbImage apply(EncodedPicture picture, RandomStream random) {
    return apply(
        picture.width(),
        picture.height(),
        (part, drawn) -> picture.resized(part, size, drawn),
        random);
  }

  private RgbImage apply(
      int width,
      int height,
      BiFunction<PictureRegion, Interpolation, RgbImage> resizing,
      RandomStream random) {
    PictureRegion part = draw(width, height, random);
    Interpolation drawn =
        interpolation.orElseGet(
            () -> random.nextBoolean() ? Interpolation.BICUBIC : Interpolation.BILINEAR);
    RgbImage resized = resizing.apply(part, drawn);
    random.note(
        () ->
            "crop %dx%d at %d,%d, %s"
                .formatted(
                    part.width(),
                    part.height(),
                    part.left(),
                    part.top(),
                    drawn.toString().toLowerCase(Locale.ROOT)));
    if (random.nextBoolean()) {
      random.note(() -> "flip");
      return resized.flip();
    }
    return resized;
  }

  /** Returns a part of a picture in the size of the result. */
  RgbImage resize(RgbImage image, PictureRegion part, Interpolation drawn) {
    RgbImage cropped = image.crop(part.left(), part.top(), part.width(), part.height());
    return Resizer.resize(cropped, size, size, drawn);
  }

  /** Draws a part of a picture of {@code width} by {@code height} pixels. */
  PictureRegion draw(int width, int height, RandomStream random) {
    double area = (double) width * height;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      double partArea = random.nextDouble(minArea, maxArea) * area;
      double ratio = Math.exp(random.nextDouble(Math.log(minRatio), Math.log(maxRatio)));
      int partWidth = (int) Math.rint(Math.sqrt(partArea * ratio));
      int partHeight = (int) Math.rint(Math.sqrt(partArea / ratio));
      if (partWidth >= 1 && partHeight >= 1 && partWidth <= width && partHeight <= height) {
        int top = random.nextInt(height - partHeight + 1);
        int left = random.nextInt(width - partWidth + 1);
        return new PictureRegion(left, top, partWidth, partHeight);
      }
    }
    double ratio = (double) width / height;
    int partWidth = width;
    int partHeight = height;
    if (ratio < minRatio) {
      partHeight = Math.max(1, (int) Math.rint(width / minRatio));
    } else if (ratio > maxRatio) {
      partWidth = Math.max(1, (int) Math.rint(height * maxRatio));
    }
    return new PictureRegion(
        (width - partWidth) / 2, (height - partHeight) / 2, partWidth, partHeight);
  }
}
