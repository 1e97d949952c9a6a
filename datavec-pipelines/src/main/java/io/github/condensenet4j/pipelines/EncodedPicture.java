package io.github.condensenet4j.pipelines;

import io.github.condensenet4j.core.preprocessing.Interpolation;
import io.github.condensenet4j.images.EvaluationPreprocessor;
import io.github.condensenet4j.images.EvaluationView;
import io.github.condensenet4j.images.ImageDecoder;
import io.github.condensenet4j.images.PictureRegion;
import io.github.condensenet4j.images.PictureSize;
import io.github.condensenet4j.images.Resizer;
import io.github.condensenet4j.images.RgbImage;
import java.util.Optional;

/**
 * A picture in its file's format, which is decoded when it is known what of it is wanted.
 *
 * <p><em>Exactly</em>, a JPEG picture is decoded down to the last row that is wanted, other ones
 * whole. <em>Scaled</em>, a JPEG picture of which less than half the pixels in each direction are
 * wanted is decoded to a half, a quarter or an eighth of its size (Loeffler's transform on fewer
 * coefficients, by libjpeg-turbo), and the rest of the way is resized: that takes a fraction of the
 * time, and gives other pixels than resizing alone.
 */
public final class EncodedPicture {

  private static final int MOST_REDUCED = 8;

  private final String name;
  private final byte[] bytes;
  private final boolean isScaled;

  /** Known beforehand where parts can be decoded. */
  private final Optional<PictureSize> size;

  private RgbImage whole;

  private EncodedPicture(String name, byte[] bytes, boolean isScaled) {
    this.name = name;
    this.bytes = bytes;
    this.isScaled = isScaled;
    this.size = ImageDecoder.reducibleSize(bytes);
  }

  /**
   * Creates a picture that is decoded exactly.
   *
   * @param name what messages call it
   */
  static EncodedPicture exact(String name, byte[] bytes) {
    return new EncodedPicture(name, bytes, false);
  }

  /**
   * Creates a picture that is decoded scaled where it can be.
   *
   * @param name what messages call it
   */
  static EncodedPicture scaled(String name, byte[] bytes) {
    return new EncodedPicture(name, bytes, true);
  }

  /**
   * Returns the picture as it is.
   *
   * @throws io.github.condensenet4j.core.InvalidFileException if it cannot be decoded
   */
  public RgbImage decode() {
    if (whole == null) {
      whole = ImageDecoder.decode(name, bytes);
    }
    return whole;
  }

  /** Returns its width in pixels. */
  int width() {
    return size.map(PictureSize::width).orElseGet(() -> decode().width());
  }

  /** Returns its height in pixels. */
  int height() {
    return size.map(PictureSize::height).orElseGet(() -> decode().height());
  }

  /** Returns a part of it in {@code side} by {@code side} pixels. */
  RgbImage resized(PictureRegion part, int side, Interpolation interpolation) {
    int power = reduction(Math.min(part.width(), part.height()) / (double) side);
    RgbImage wanted = power == 1 ? decoded(part) : cropped(reduced(power), part);
    return Resizer.resize(wanted, side, side, interpolation);
  }

  private RgbImage decoded(PictureRegion part) {
    return size.isEmpty() || whole != null
        ? decode().crop(part.left(), part.top(), part.width(), part.height())
        : ImageDecoder.decode(name, bytes, part);
  }

  /** Cuts a part out of the picture, or of the reduced one. */
  private RgbImage cropped(RgbImage image, PictureRegion part) {
    int left = scaled(part.left(), image.width(), width());
    int top = scaled(part.top(), image.height(), height());
    int right = scaled(part.left() + part.width(), image.width(), width());
    int bottom = scaled(part.top() + part.height(), image.height(), height());
    return image.crop(left, top, Math.max(1, right - left), Math.max(1, bottom - top));
  }

  private static int scaled(int place, int to, int from) {
    return to == from ? place : (int) Math.rint((double) place * to / from);
  }

  /** Returns what evaluation sees of it in one view. */
  RgbImage square(EvaluationPreprocessor preprocessor, EvaluationView view) {
    if (size.isEmpty()) {
      return preprocessor.square(decode(), view);
    }
    int power = reduction(Math.min(width(), height()) / (double) preprocessor.resizedSide());
    return power == 1
        ? preprocessor.square(size.get(), this::decoded, view)
        : preprocessor.square(reduced(power), size.get(), view);
  }

  /** Returns the power of two, at most {@code most}, by which the picture is reduced. */
  private int reduction(double most) {
    return !isScaled || size.isEmpty() || whole != null || most < 2
        ? 1
        : Math.min(MOST_REDUCED, Integer.highestOneBit((int) most));
  }

  private RgbImage reduced(int power) {
    return ReducedJpeg.decode(name, bytes, power).orElseGet(this::decode);
  }
}
