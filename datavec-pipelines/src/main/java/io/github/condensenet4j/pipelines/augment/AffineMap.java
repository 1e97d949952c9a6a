package io.github.condensenet4j.pipelines.augment;

import io.github.condensenet4j.core.preprocessing.Interpolation;
import io.github.condensenet4j.images.RgbImage;
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

  private static final byte[] FILL = {124, 116, 104};

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

  RgbImage apply(RgbImage image, Interpolation interpolation) {
    int width = image.width();
    int height = image.height();
    byte[] out = new byte[image.samples().length];
    int to = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++, to += 3) {
        double fromX = a * (x + 0.5) + b * (y + 0.5) + c;
        double fromY = d * (x + 0.5) + e * (y + 0.5) + f;
        if (!(fromX >= 0 && fromX < width && fromY >= 0 && fromY < height)) {
          out[to] = FILL[0];
          out[to + 1] = FILL[1];
          out[to + 2] = FILL[2];
        } else if (interpolation == Interpolation.BILINEAR) {
          bilinear(image, fromX - 0.5, fromY - 0.5, out, to);
        } else {
          bicubic(image, fromX - 0.5, fromY - 0.5, out, to);
        }
      }
    }
    return new RgbImage(width, height, out);
  }

  private static void bilinear(RgbImage image, double x, double y, byte[] out, int to) {
    byte[] in = image.samples();
    int column = (int) Math.floor(x);
    int row = (int) Math.floor(y);
    double rightShare = x - column;
    double lowerShare = y - row;
    int left = 3 * clamp(column, image.width());
    int right = 3 * clamp(column + 1, image.width());
    int upper = 3 * image.width() * clamp(row, image.height());
    int lower = 3 * image.width() * clamp(row + 1, image.height());
    // Shears and shifts move along one axis: what lies along the other would be multiplied by 0.
    if (lowerShare == 0 || rightShare == 0) {
      int second = lowerShare == 0 ? upper + right : lower + left;
      double share = lowerShare == 0 ? rightShare : lowerShare;
      for (int channel = 0; channel < 3; channel++) {
        double value = between(in[upper + left + channel], in[second + channel], share);
        out[to + channel] = (byte) (int) value;
      }
      return;
    }
    for (int channel = 0; channel < 3; channel++, left++, right++) {
      double above = between(in[upper + left], in[upper + right], rightShare);
      double below = between(in[lower + left], in[lower + right], rightShare);
      out[to + channel] = (byte) (int) (above + (below - above) * lowerShare);
    }
  }

  private static double between(byte first, byte second, double share) {
    int value = first & 0xff;
    return value + ((second & 0xff) - value) * share;
  }

  private static void bicubic(RgbImage image, double x, double y, byte[] out, int to) {
    int column = (int) Math.floor(x);
    int row = (int) Math.floor(y);
    int width = image.width();
    Columns columns = new Columns(image, column, x - column);
    double lowerShare = y - row;
    int start = 3 * width * clamp(row, image.height());
    if (lowerShare == 0) {
      // Shears and shifts along rows: the rows around would be multiplied by 0.
      for (int channel = 0; channel < 3; channel++) {
        out[to + channel] = clip(columns.at(start + channel));
      }
      return;
    }
    int above = 3 * width * clamp(row - 1, image.height());
    int below = 3 * width * clamp(row + 1, image.height());
    int twoBelow = 3 * width * clamp(row + 2, image.height());
    for (int channel = 0; channel < 3; channel++) {
      double value =
          cubic(
              columns.at(above + channel),
              columns.at(start + channel),
              columns.at(below + channel),
              columns.at(twoBelow + channel),
              lowerShare);
      out[to + channel] = clip(value);
    }
  }

  private static byte clip(double value) {
    return (byte) Math.max(0, Math.min(255, (int) value));
  }

  /** Four neighbouring columns, and how far between the middle ones. */
  private static final class Columns {

    private final byte[] samples;
    private final int first;
    private final int second;
    private final int third;
    private final int fourth;
    private final double share;

    Columns(RgbImage image, int second, double share) {
      samples = image.samples();
      first = 3 * clamp(second - 1, image.width());
      this.second = 3 * clamp(second, image.width());
      third = 3 * clamp(second + 1, image.width());
      fourth = 3 * clamp(second + 2, image.width());
      this.share = share;
    }

    /** Returns the value between the columns in the row and channel that begin at {@code start}. */
    double at(int start) {
      int v2 = samples[start + second] & 0xff;
      if (share == 0) {
        // Shears and shifts along columns: the columns around would be multiplied by 0.
        return v2;
      }
      // As in cubic(), but in whole numbers, which take less time and are exact in either form.
      int v1 = samples[start + first] & 0xff;
      int v3 = samples[start + third] & 0xff;
      int v4 = samples[start + fourth] & 0xff;
      int linear = v3 - v1;
      int square = 2 * (v1 - v2) + v3 - v4;
      int cube = v2 - v1 + v4 - v3;
      return v2 + share * (linear + share * (square + share * cube));
    }
  }

  /** Cubic convolution (Keys, 1981) with {@code a = -1}, in the order of Pillow's additions. */
  private static double cubic(double v1, double v2, double v3, double v4, double share) {
    double linear = -v1 + v3;
    double square = 2 * (v1 - v2) + v3 - v4;
    double cube = -v1 + v2 - v3 + v4;
    return v2 + share * (linear + share * (square + share * cube));
  }

  private static int clamp(int index, int size) {
    return Math.max(0, Math.min(size - 1, index));
  }
}
