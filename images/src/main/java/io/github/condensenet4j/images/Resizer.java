package io.github.condensenet4j.images;

import static io.github.condensenet4j.kernels.resampling.ResamplingKernels.PADDING;

import io.github.condensenet4j.core.preprocessing.Interpolation;
import io.github.condensenet4j.kernels.resampling.PackedPixels;
import io.github.condensenet4j.kernels.resampling.PixelColour;
import io.github.condensenet4j.kernels.resampling.ResamplingKernels;
import io.github.condensenet4j.kernels.resampling.ResamplingProvider;
import io.github.condensenet4j.kernels.resampling.Taps;

/**
 * Resizes pictures with the arithmetic of Pillow, sample for sample.
 *
 * <p>Each output pixel is a weighted mean of the input pixels under a filter that is as wide as the
 * reduction asks for (so that nothing is skipped), first along rows, then along columns. Weights
 * are rounded to multiples of 2<sup>-22</sup>, and what lies between both passes to 8 bits.
 */
public final class Resizer {

  /** 32 bits, less 8 for the sample and 2 for weights that sum up to more than 1 in between. */
  private static final int WEIGHT_BITS = 32 - 8 - 2;

  private final PictureRegion crop;
  private final Taps columns;
  private final Taps rows;

  /** Returns {@code image} in {@code width} by {@code height} pixels. */
  public static RgbImage resize(
      RgbImage image, int width, int height, Interpolation interpolation) {
    return resizeAndCrop(image, width, height, interpolation, 0, 0, width, height);
  }

  /**
   * Returns a part of what {@link #resize} to {@code width} by {@code height} pixels gives, without
   * making the rest: {@code cropWidth} by {@code cropHeight} pixels from {@code left}, {@code top}
   * on.
   */
  static RgbImage resizeAndCrop(
      RgbImage image,
      int width,
      int height,
      Interpolation interpolation,
      int left,
      int top,
      int cropWidth,
      int cropHeight) {
    PictureSize size = new PictureSize(image.width(), image.height());
    Resizer resizer =
        new Resizer(
            size,
            width,
            height,
            interpolation,
            new PictureRegion(left, top, cropWidth, cropHeight));
    return resizer.apply(image, 0, 0);
  }

  /**
   * Plans to resize a picture of {@code size} to {@code width} by {@code height} pixels, of which
   * {@code crop} is wanted.
   */
  Resizer(
      PictureSize size, int width, int height, Interpolation interpolation, PictureRegion crop) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException("no picture has " + width + "x" + height + " pixels");
    }
    this.crop = crop;
    columns =
        width == size.width()
            ? null
            : taps(size.width(), width, crop.left(), crop.width(), interpolation);
    rows =
        height == size.height()
            ? null
            : taps(size.height(), height, crop.top(), crop.height(), interpolation);
  }

  /** Returns the part of the picture that the result depends on. */
  PictureRegion source() {
    int left = columns == null ? crop.left() : columns.firstInput();
    int right = columns == null ? left + crop.width() : columns.endInput();
    int top = rows == null ? crop.top() : rows.firstInput();
    int bottom = rows == null ? top + crop.height() : rows.endInput();
    return new PictureRegion(left, top, right - left, bottom - top);
  }

  /**
   * Resizes the part of the picture that {@code image} is.
   *
   * @param left column of the picture that the first one of {@code image} is
   * @param top row of the picture that the first one of {@code image} is
   */
  RgbImage apply(RgbImage image, int left, int top) {
    if (columns == null && rows == null) {
      return image.crop(crop.left() - left, crop.top() - top, crop.width(), crop.height());
    }
    PictureRegion source = source();
    ResamplingKernels kernels = ResamplingProvider.kernels();
    int[] narrowed = new int[crop.width() * source.height() + PADDING];
    int stride = 3 * image.width();
    int firstRow = (source.top() - top) * stride - 3 * left;
    if (columns == null) {
      for (int y = 0; y < source.height(); y++) {
        int from = firstRow + y * stride + 3 * source.left();
        PackedPixels.pack(image.samples(), from, crop.width(), narrowed, y * crop.width(), 1);
      }
    } else {
      byte[] ycc = image.ycc();
      byte[] in = ycc == null ? image.samples() : ycc;
      PixelColour colour = ycc == null ? PixelColour.RGB : PixelColour.YCC;
      kernels.alongRows(in, colour, firstRow, stride, source.height(), columns, narrowed);
    }
    if (rows == null) {
      return RgbImage.ofPacked(crop.width(), crop.height(), narrowed);
    }
    int[] out = new int[crop.width() * crop.height() + PADDING];
    kernels.alongColumns(narrowed, crop.width(), rows, out);
    return RgbImage.ofPacked(crop.width(), crop.height(), out);
  }

  /**
   * Computes the input pixels under the filter, and their weights, for outputs {@code first} to
   * {@code first + count - 1}.
   */
  private static Taps taps(
      int inputs, int outputs, int first, int count, Interpolation interpolation) {
    double scale = (double) inputs / outputs;
    double reduction = Math.max(1, scale);
    double support = Filter.support(interpolation) * reduction;
    int most = 1;
    for (int i = 0; i < count; i++) {
      double centre = (first + i + 0.5) * scale;
      most = Math.max(most, end(inputs, centre, support) - from(centre, support));
    }
    int[] firsts = new int[count];
    int[] weights = new int[Math.multiplyExact(count, most)];
    double[] exact = new double[most];
    for (int i = 0; i < count; i++) {
      double centre = (first + i + 0.5) * scale;
      int from = from(centre, support);
      int length = end(inputs, centre, support) - from;
      double sum = 0;
      for (int x = 0; x < length; x++) {
        exact[x] = Filter.weight(interpolation, (x + from - centre + 0.5) * (1 / reduction));
        sum += exact[x];
      }
      // Weights of 0 come after the others, but before them at the end of the input.
      firsts[i] = Math.min(from, inputs - most);
      for (int x = 0; x < length; x++) {
        double share = sum == 0 ? exact[x] : exact[x] / sum;
        weights[i * most + from - firsts[i] + x] = rounded(share);
      }
    }
    return new Taps(firsts, most, weights);
  }

  private static int from(double centre, double support) {
    return Math.max(0, (int) (centre - support + 0.5));
  }

  private static int end(int inputs, double centre, double support) {
    return Math.min(inputs, (int) (centre + support + 0.5));
  }

  /** Returns {@code share} in multiples of 2^-22, rounded half away from zero. */
  private static int rounded(double share) {
    return (int) (share * (1 << WEIGHT_BITS) + (share < 0 ? -0.5 : 0.5));
  }
}
