package io.github.condensenet4j.images;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.preprocessing.Preprocessing;

/**
 * Brings pictures to a network as the official evaluation does: shorter side resized, square cut
 * out of the middle, samples normalised.
 *
 * <p>Equal to torchvision's {@code Resize}, {@code CenterCrop}, {@code ToTensor} and {@code
 * Normalize} on Pillow images, to the bit. Immutable.
 */
public final class EvaluationPreprocessor {

  private final Preprocessing preprocessing;
  private final Normalization normalization;

  /**
   * Creates what {@code preprocessing} describes.
   *
   * @throws InvalidOptionException if it is not for three channels
   */
  public EvaluationPreprocessor(Preprocessing preprocessing) {
    if (preprocessing.channels() != 3) {
      throw new InvalidOptionException(
          "number of means", "3, one for each of red, green and blue", preprocessing.channels());
    }
    this.preprocessing = preprocessing;
    this.normalization = Normalization.of(preprocessing.mean(), preprocessing.std());
  }

  /** Returns the normalisation of this preprocessing. */
  public Normalization normalization() {
    return normalization;
  }

  /** Returns the number of values of a preprocessed picture: 3 · image size². */
  public int values() {
    return 3 * preprocessing.imageSize() * preprocessing.imageSize();
  }

  /** Returns the square that the network sees, before it is normalised. */
  public RgbImage square(RgbImage image) {
    int shorter = Math.min(image.width(), image.height());
    int side = preprocessing.resizedSide();
    int width = image.width();
    int height = image.height();
    if (shorter != side) {
      int longer = longerSide(side, Math.max(width, height), shorter);
      width = image.width() == shorter ? side : longer;
      height = image.width() == shorter ? longer : side;
    }
    int square = preprocessing.imageSize();
    return Resizer.resizeAndCrop(
        image,
        width,
        height,
        preprocessing.interpolation(),
        centred(width, square),
        centred(height, square),
        square,
        square);
  }

  private static int longerSide(int side, int longer, int shorter) {
    // Cut, not rounded; a picture thinner than 1 : 2^31 / side has no end in an int.
    return (int) Math.min(Integer.MAX_VALUE, (double) ((long) side * longer) / shorter);
  }

  private static int centred(int length, int square) {
    // Python rounds halves to the even number.
    return (int) Math.rint((length - square) / 2.0);
  }

  /**
   * Writes what the network sees of {@code image}, {@code [3, size, size]} in C order, to {@code
   * values} from {@code offset} on.
   */
  public void apply(RgbImage image, float[] values, int offset) {
    normalization.apply(square(image), values, offset);
  }

  /** Returns what the network sees of {@code image}, {@code [3, size, size]} in C order. */
  public float[] apply(RgbImage image) {
    float[] values = new float[values()];
    apply(image, values, 0);
    return values;
  }
}
