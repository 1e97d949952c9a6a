package io.github.condensenet4j.pipelines.augment;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.preprocessing.Interpolation;
import io.github.condensenet4j.images.RgbImage;
import java.util.Locale;

/**
 * An operation on pictures under its name in timm, with one argument or none.
 *
 * <p>All of them repeat the arithmetic of Pillow 9.4 and equal the reference sample for sample.
 * Look-up tables and blends do so on every machine. Those that move pixels (rotate, shear,
 * translate) interpolate in doubles and cut values down to whole grey levels, so a Pillow whose
 * compiler fuses multiplications with additions, or whose sine differs in the last bit, may be one
 * grey level off. Pixels from outside the picture are the ImageNet mean, 124, 116, 104.
 *
 * <p>The {@code *_INCREASING} operations compute what their namesakes compute; they differ in what
 * a level of magnitude means to them.
 */
public enum ImageOperation {
  /** Stretches each channel to the range 0 to 255. No argument. */
  AUTO_CONTRAST("AutoContrast"),

  /** Makes the histogram of each channel flat. No argument. */
  EQUALIZE("Equalize"),

  /** Takes each sample from 255. No argument. */
  INVERT("Invert"),

  /** Turns the picture counter-clockwise about its centre; the argument is in degrees. */
  ROTATE("Rotate"),

  /** Keeps the argument's number of upper bits, 0 to 8, of each sample. */
  POSTERIZE("Posterize"),

  /** {@link #POSTERIZE}, as the first AutoAugment has it: 4 bits more are kept. */
  POSTERIZE_ORIGINAL("PosterizeOriginal"),

  /** {@link #POSTERIZE}, stronger with magnitude. */
  POSTERIZE_INCREASING("PosterizeIncreasing"),

  /** Inverts the samples that are not below the argument, 0 to 256. */
  SOLARIZE("Solarize"),

  /** {@link #SOLARIZE}, stronger with magnitude. */
  SOLARIZE_INCREASING("SolarizeIncreasing"),

  /** Adds the argument, 0 to 255, to samples below 128. */
  SOLARIZE_ADD("SolarizeAdd"),

  /** Blends with the picture in grey; an argument of 1 leaves all as it is. */
  COLOR("Color"),

  /** {@link #COLOR}, ever further from 1 with magnitude. */
  COLOR_INCREASING("ColorIncreasing"),

  /** Blends with the mean grey; an argument of 1 leaves all as it is. */
  CONTRAST("Contrast"),

  /** {@link #CONTRAST}, ever further from 1 with magnitude. */
  CONTRAST_INCREASING("ContrastIncreasing"),

  /** Blends with black; an argument of 1 leaves all as it is. */
  BRIGHTNESS("Brightness"),

  /** {@link #BRIGHTNESS}, ever further from 1 with magnitude. */
  BRIGHTNESS_INCREASING("BrightnessIncreasing"),

  /** Blends with the smoothed picture; an argument of 1 leaves all as it is. */
  SHARPNESS("Sharpness"),

  /** {@link #SHARPNESS}, ever further from 1 with magnitude. */
  SHARPNESS_INCREASING("SharpnessIncreasing"),

  /** Moves each row to the left by the argument times its distance from the top. */
  SHEAR_X("ShearX"),

  /** Moves each column up by the argument times its distance from the left. */
  SHEAR_Y("ShearY"),

  /** Moves the picture to the left by the argument's share of its width, in parts of pixels too. */
  TRANSLATE_X_REL("TranslateXRel"),

  /** Moves the picture up by the argument's share of its height, in parts of pixels too. */
  TRANSLATE_Y_REL("TranslateYRel");

  /** The highest level of magnitude. */
  public static final double MOST = 10;

  private final String timmName;

  ImageOperation(String timmName) {
    this.timmName = timmName;
  }

  /** Returns the name in timm, such as {@code TranslateXRel}. */
  public String timmName() {
    return timmName;
  }

  /** Returns the name and, where it has one, the argument, in a few words. */
  String described(double argument) {
    boolean hasNone = this == AUTO_CONTRAST || this == EQUALIZE || this == INVERT;
    return hasNone ? timmName : String.format(Locale.ROOT, "%s %.3g", timmName, argument);
  }

  /**
   * Returns the operation that timm calls {@code name}.
   *
   * @throws InvalidOptionException if there is none
   */
  public static ImageOperation ofTimmName(String name) {
    for (ImageOperation operation : values()) {
      if (operation.timmName.equals(name)) {
        return operation;
      }
    }
    throw new InvalidOptionException("image operation", "a name such as Rotate", name);
  }

  /**
   * Tells whether the argument goes either way from where nothing changes, so that a level leaves
   * its sign open.
   */
  public boolean hasSign() {
    return switch (this) {
      case ROTATE,
          SHEAR_X,
          SHEAR_Y,
          TRANSLATE_X_REL,
          TRANSLATE_Y_REL,
          COLOR_INCREASING,
          CONTRAST_INCREASING,
          BRIGHTNESS_INCREASING,
          SHARPNESS_INCREASING ->
          true;
      default -> false;
    };
  }

  /**
   * Returns what a level of magnitude means to this operation, as timm's tables have it.
   *
   * @param level 0 to 10
   * @param negative whether the argument goes the other way, where it {@linkplain #hasSign has} one
   * @return the argument of {@link #apply}; 0 for operations without
   */
  public double argument(double level, boolean negative) {
    double share = level / MOST;
    double sign = negative ? -1 : 1;
    return switch (this) {
      case AUTO_CONTRAST, EQUALIZE, INVERT -> 0;
      case ROTATE -> sign * (share * 30);
      case POSTERIZE -> (int) (share * 4);
      case POSTERIZE_ORIGINAL -> (int) (share * 4) + 4;
      case POSTERIZE_INCREASING -> 4 - (int) (share * 4);
      case SOLARIZE -> (int) (share * 256);
      case SOLARIZE_INCREASING -> 256 - (int) (share * 256);
      case SOLARIZE_ADD -> (int) (share * 110);
      case COLOR, CONTRAST, BRIGHTNESS, SHARPNESS -> share * 1.8 + 0.1;
      case COLOR_INCREASING, CONTRAST_INCREASING, BRIGHTNESS_INCREASING, SHARPNESS_INCREASING ->
          1 + sign * (share * 0.9);
      case SHEAR_X, SHEAR_Y -> sign * (share * 0.3);
      case TRANSLATE_X_REL, TRANSLATE_Y_REL -> sign * (share * 0.45);
    };
  }

  /**
   * Returns {@code image} after this operation, of the same size.
   *
   * @param argument what the operation says of it; ignored by those without; whole numbers for
   *     those that count bits or grey levels
   * @param interpolation between pixels, where an operation moves them
   * @throws IllegalArgumentException if the argument is not a number or out of its range
   */
  public RgbImage apply(RgbImage image, double argument, Interpolation interpolation) {
    if (!Double.isFinite(argument)) {
      throw new IllegalArgumentException(timmName + " by " + argument);
    }
    return switch (this) {
      case AUTO_CONTRAST -> ToneCurve.autoContrast(image);
      case EQUALIZE -> ToneCurve.equalize(image);
      case INVERT -> ToneCurve.invert(image);
      case ROTATE -> AffineMap.rotate(image, argument, interpolation);
      case POSTERIZE, POSTERIZE_ORIGINAL, POSTERIZE_INCREASING ->
          ToneCurve.posterize(image, (int) argument);
      case SOLARIZE, SOLARIZE_INCREASING -> ToneCurve.solarize(image, (int) argument);
      case SOLARIZE_ADD -> ToneCurve.solarizeAdd(image, (int) argument);
      case COLOR, COLOR_INCREASING -> Enhancement.color(image, argument);
      case CONTRAST, CONTRAST_INCREASING -> Enhancement.contrast(image, argument);
      case BRIGHTNESS, BRIGHTNESS_INCREASING -> Enhancement.brightness(image, argument);
      case SHARPNESS, SHARPNESS_INCREASING -> Enhancement.sharpness(image, argument);
      case SHEAR_X -> AffineMap.shearX(image, argument, interpolation);
      case SHEAR_Y -> AffineMap.shearY(image, argument, interpolation);
      case TRANSLATE_X_REL ->
          AffineMap.translate(image, argument * image.width(), 0, interpolation);
      case TRANSLATE_Y_REL ->
          AffineMap.translate(image, 0, argument * image.height(), interpolation);
    };
  }
}
