package io.github.condensenet4j.pipelines.augment;

import io.github.condensenet4j.core.preprocessing.Interpolation;
import io.github.condensenet4j.images.RgbImage;
import io.github.condensenet4j.kernels.resampling.ResamplingKernels;
import io.github.condensenet4j.kernels.resampling.ResamplingProvider;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Where in the picture each pixel of the result comes from: the centre of pixel {@code (x, y)} from
 * {@code (a·x + b·y + c, d·x + e·y + f)}.
 *
 * <p>Positions outside the picture give the mean colour of ImageNet. Positions inside are
 * interpolated, pixels beyond the edge being copies of those at the edge. Bicubic means {@code a =
 * -1} here, not the -0.5 of resizing, because Pillow has two of them.
 */
record AffineMap(double a, double b, double c, double d, double e, double f) {

  private static final int FILL = 124 | (116 << 8) | (104 << 16);

  static RgbImage shearX(RgbImage image, double slope, Interpolation interpolation) {
    return new AffineMap(1, slope, 0, 0, 1, 0).apply(image, interpolation);
  }

  static RgbImage shearY(RgbImage image, double slope, Interpolation interpolation) {
    return new AffineMap(1, 0, 0, slope, 1, 0).apply(image, interpolation);
  }

  static RgbImage translate(RgbImage image, double x, double y, Interpolation interpolation) {
    return new AffineMap(1, 0, x, 0, 1, y).apply(image, interpolation);
  }

  static RgbImage rotate(RgbImage image, double degrees, Interpolation interpolation) {
    double angle = -Math.toRadians(degrees - 360 * Math.floor(degrees / 360));
    double cos = round(StrictMath.cos(angle));
    double sin = round(StrictMath.sin(angle));
    double centreX = image.width() / 2.0;
    double centreY = image.height() / 2.0;
    double left = cos * -centreX + sin * -centreY + centreX;
    double top = -sin * -centreX + cos * -centreY + centreY;
    return new AffineMap(cos, sin, left, -sin, cos, top).apply(image, interpolation);
  }

  /** Rounds to 15 decimals, so that quarter turns are exact. */
  private static double round(double value) {
    return new BigDecimal(value).setScale(15, RoundingMode.HALF_EVEN).doubleValue();
  }

  private RgbImage apply(RgbImage image, Interpolation interpolation) {
    return apply(image, interpolation, ResamplingProvider.kernels());
  }

  RgbImage apply(RgbImage image, Interpolation interpolation, ResamplingKernels kernels) {
    int width = image.width();
    int height = image.height();
    MovedRow row = new MovedRow(image, interpolation, kernels);
    int[] out = new int[width * height + ResamplingKernels.PADDING];
    for (int y = 0; y < height; y++) {
      row.place(this, y);
      row.interpolate(FILL, out, y * width);
    }
    return RgbImage.ofPacked(width, height, out);
  }
}
