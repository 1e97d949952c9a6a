package io.github.condensenet4j.pipelines;

import io.github.condensenet4j.core.preprocessing.Interpolation;
import io.github.condensenet4j.images.EvaluationPreprocessor;
import io.github.condensenet4j.images.EvaluationView;
import io.github.condensenet4j.images.ImageDecoder;
import io.github.condensenet4j.images.PictureSize;
import io.github.condensenet4j.images.Resizer;
import io.github.condensenet4j.images.RgbImage;
import io.github.condensenet4j.pipelines.RandomResizedCropFlip.Part;
import java.util.Optional;

/**
 * A picture in its file's format, which is decoded when it is known what of it is wanted.
 *
 * <p><em>Exactly</em>, it is always decoded whole. <em>Scaled</em>, a JPEG picture of which less
 * than half the pixels in each direction are wanted is decoded to a half, a quarter or an eighth of
 * its size (Loeffler's transform on fewer coefficients, by libjpeg-turbo), and the rest of the way
 * is resized: that takes a fraction of the time, and gives other pixels than resizing alone.
 */
public final class EncodedPicture {

  private static final int MOST_REDUCED = 8;

  private final String name;
  private final byte[] bytes;
  private final Optional<PictureSize> reducible;
  private RgbImage whole;

  private EncodedPicture(String name, byte[] bytes, Optional<PictureSize> reducible) {
    this.name = name;
    this.bytes = bytes;
    this.reducible = reducible;
  }

  /**
   * Creates a picture that is decoded exactly.
   *
   * @param name what messages call it
   */
  static EncodedPicture exact(String name, byte[] bytes) {
    return new EncodedPicture(name, bytes, Optional.empty());
  }

  /**
   * Creates a picture that is decoded scaled where it can be.
   *
   * @param name what messages call it
   */
  static EncodedPicture scaled(String name, byte[] bytes) {
    return new EncodedPicture(name, bytes, ImageDecoder.reducibleSize(bytes));
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
    return reducible.map(PictureSize::width).orElseGet(() -> decode().width());
  }

  /** Returns its height in pixels. */
  int height() {
    return reducible.map(PictureSize::height).orElseGet(() -> decode().height());
  }

  /** Returns a part of it in {@code size} by {@code size} pixels. */
  RgbImage resized(Part part, int size, Interpolation interpolation) {
    RgbImage image = atLeast(Math.min(part.width(), part.height()) / (double) size);
    int left = scaled(part.left(), image.width(), width());
    int top = scaled(part.top(), image.height(), height());
    int right = scaled(part.left() + part.width(), image.width(), width());
    int bottom = scaled(part.top() + part.height(), image.height(), height());
    RgbImage cropped = image.crop(left, top, Math.max(1, right - left), Math.max(1, bottom - top));
    return Resizer.resize(cropped, size, size, interpolation);
  }

  private static int scaled(int place, int to, int from) {
    return to == from ? place : (int) Math.rint((double) place * to / from);
  }

  /** Returns what evaluation sees of it in one view. */
  RgbImage square(EvaluationPreprocessor preprocessor, EvaluationView view) {
    double reduction = Math.min(width(), height()) / (double) preprocessor.resizedSide();
    return preprocessor.square(atLeast(reduction), width(), height(), view);
  }

  /** Returns it whole, or reduced by a power of two that is no more than {@code reduction}. */
  private RgbImage atLeast(double reduction) {
    if (reducible.isEmpty() || whole != null || reduction < 2) {
      return decode();
    }
    int power = Math.min(MOST_REDUCED, Integer.highestOneBit((int) reduction));
    return ReducedJpeg.decode(name, bytes, power).orElseGet(this::decode);
  }
}
