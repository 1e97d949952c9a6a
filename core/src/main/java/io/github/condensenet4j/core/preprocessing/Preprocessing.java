package io.github.condensenet4j.core.preprocessing;

import io.github.condensenet4j.core.InvalidOptionException;
import java.util.List;

/**
 * How a picture is brought to a network in evaluation: its shorter side is resized to {@link
 * #resizedSide()}, a square of {@code imageSize} is cut out of the middle, samples are scaled to
 * 0…1, {@code mean} is subtracted and the result divided by {@code std}.
 *
 * @param mean one value a channel (red, green, blue), on the scale 0…1
 * @param std one value a channel, on the scale 0…1, above 0
 * @param imageSize width and height of the input in pixels
 * @param cropPct share of the resized picture's shorter side that the square keeps, above 0, at
 *     most 1
 * @param interpolation how the picture is resized
 */
public record Preprocessing(
    List<Double> mean,
    List<Double> std,
    int imageSize,
    double cropPct,
    Interpolation interpolation) {

  /** Channel means of CIFAR-10's training images, as the official CondenseNet rounds them. */
  public static final List<Double> CIFAR10_MEAN = List.of(0.4914, 0.4824, 0.4467);

  /** Channel standard deviations of CIFAR-10, as the official CondenseNet rounds them. */
  public static final List<Double> CIFAR10_STD = List.of(0.2471, 0.2435, 0.2616);

  /** Channel means of CIFAR-100's training images, as the official CondenseNet rounds them. */
  public static final List<Double> CIFAR100_MEAN = List.of(0.5071, 0.4867, 0.4408);

  /** Channel standard deviations of CIFAR-100, as the official CondenseNet rounds them. */
  public static final List<Double> CIFAR100_STD = List.of(0.2675, 0.2565, 0.2761);

  /** Channel means of ImageNet that all official code uses. */
  public static final List<Double> IMAGENET_MEAN = List.of(0.485, 0.456, 0.406);

  /** Channel standard deviations of ImageNet that all official code uses. */
  public static final List<Double> IMAGENET_STD = List.of(0.229, 0.224, 0.225);

  /** The share that the official evaluation crops: 224 of 256 pixels. */
  public static final double IMAGENET_CROP_PCT = 0.875;

  public Preprocessing {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    if (mean.isEmpty() || mean.size() != std.size()) {
      throw new InvalidOptionException(
          "mean has " + mean.size() + " values and std " + std.size() + ", one a channel expected");
    }
    for (double value : mean) {
      if (!Double.isFinite(value)) {
        throw new InvalidOptionException("mean", "finite numbers", mean);
      }
    }
    for (double value : std) {
      if (!(value > 0) || Double.isInfinite(value)) {
        throw new InvalidOptionException("std", "finite numbers above 0", std);
      }
    }
    if (imageSize < 1) {
      throw new InvalidOptionException("image size", "at least 1", imageSize);
    }
    if (!(cropPct > 0 && cropPct <= 1)) {
      throw new InvalidOptionException("crop pct", "above 0 and at most 1", cropPct);
    }
  }

  /** Returns the preprocessing of CIFAR-10: no margin around the square. */
  public static Preprocessing cifar10(int imageSize) {
    return new Preprocessing(CIFAR10_MEAN, CIFAR10_STD, imageSize, 1, Interpolation.BICUBIC);
  }

  /** Returns the preprocessing of CIFAR-100: no margin around the square. */
  public static Preprocessing cifar100(int imageSize) {
    return new Preprocessing(CIFAR100_MEAN, CIFAR100_STD, imageSize, 1, Interpolation.BICUBIC);
  }

  /** Returns the preprocessing of ImageNet's official evaluation. */
  public static Preprocessing imageNet(int imageSize, Interpolation interpolation) {
    return new Preprocessing(
        IMAGENET_MEAN, IMAGENET_STD, imageSize, IMAGENET_CROP_PCT, interpolation);
  }

  /**
   * Returns the interpolation with which the official scripts evaluate {@code model}: bilinear for
   * {@code cdnv2_c} and its converted form, bicubic for all others.
   */
  public static Interpolation interpolationOf(String model) {
    return model.equals("cdnv2_c") || model.equals("converted_cdnv2_c")
        ? Interpolation.BILINEAR
        : Interpolation.BICUBIC;
  }

  /** Returns the number of channels. */
  public int channels() {
    return mean.size();
  }

  /** Returns the length in pixels to which a picture's shorter side is resized. */
  public int resizedSide() {
    return (int) Math.floor(imageSize / cropPct);
  }
}
