package io.github.condensenet4j.images;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.preprocessing.Preprocessing;
import java.util.function.Function;

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

  /** Returns how long the shorter side of a picture becomes before the square is cut out. */
  public int resizedSide() {
    return preprocessing.resizedSide();
  }

  /** Returns the number of values of a preprocessed picture: 3 · image size². */
  public int values() {
    return 3 * preprocessing.imageSize() * preprocessing.imageSize();
  }

  /** Returns the square that the network sees, before it is normalised. */
  public RgbImage square(RgbImage image) {
    return square(image, EvaluationView.CENTRE);
  }

  /** Returns the square that the network sees of one view, before it is normalised. */
  public RgbImage square(RgbImage image, EvaluationView view) {
    return square(image, new PictureSize(image.width(), image.height()), view);
  }

  /**
   * Returns the square that the network sees of one view of a picture that has been decoded to a
   * part of its size.
   *
   * @param picture its size before
   */
  public RgbImage square(RgbImage image, PictureSize picture, EvaluationView view) {
    PictureSize found = new PictureSize(image.width(), image.height());
    Resizer resizer = resizer(found, resized(picture), view);
    return mirrored(resizer.apply(image, 0, 0), view);
  }

  /**
   * Returns the square that the network sees of one view of a picture that is yet to be decoded.
   *
   * @param picture its size
   * @param decoder decodes the part that counts; it may lie outside, where all is black
   */
  public RgbImage square(
      PictureSize picture, Function<PictureRegion, RgbImage> decoder, EvaluationView view) {
    Resizer resizer = resizer(picture, resized(picture), view);
    PictureRegion source = resizer.source();
    RgbImage part = decoder.apply(source);
    return mirrored(resizer.apply(part, source.left(), source.top()), view);
  }

  private Resizer resizer(PictureSize from, PictureSize to, EvaluationView view) {
    int square = preprocessing.imageSize();
    return new Resizer(
        from,
        to.width(),
        to.height(),
        preprocessing.interpolation(),
        new PictureRegion(
            view.left(to.width(), square), view.top(to.height(), square), square, square));
  }

  private static RgbImage mirrored(RgbImage square, EvaluationView view) {
    return view.isMirrored() ? square.flip() : square;
  }

  /** Returns the size that a picture is brought to before the square is cut out. */
  private PictureSize resized(PictureSize picture) {
    int shorter = Math.min(picture.width(), picture.height());
    int side = preprocessing.resizedSide();
    if (shorter == side) {
      return picture;
    }
    int longer = longerSide(side, Math.max(picture.width(), picture.height()), shorter);
    return picture.width() == shorter
        ? new PictureSize(side, longer)
        : new PictureSize(longer, side);
  }

  private static int longerSide(int side, int longer, int shorter) {
    // Cut, not rounded; a picture thinner than 1 : 2^31 / side has no end in an int.
    return (int) Math.min(Integer.MAX_VALUE, (double) ((long) side * longer) / shorter);
  }

  /**
   * Writes what the network sees of {@code image}, {@code [3, size, size]} in C order, to {@code
   * values} from {@code offset} on.
   */
  public void apply(RgbImage image, float[] values, int offset) {
    apply(image, EvaluationView.CENTRE, values, offset);
  }

  /** Likewise writes one view of {@code image}. */
  public void apply(RgbImage image, EvaluationView view, float[] values, int offset) {
    normalization.apply(square(image, view), values, offset);
  }

  /** Returns what the network sees of {@code image}, {@code [3, size, size]} in C order. */
  public float[] apply(RgbImage image) {
    float[] values = new float[values()];
    apply(image, values, 0);
    return values;
  }
}
