package io.github.condensenet4j.engine;

/**
 * How the pixels of one channel lie in memory.
 *
 * <p>Rows have one column more than the image, which is kept at zero: it is the padding on the
 * right of each row and on the left of the next, so that a 3×3 convolution is nine flat shifts.
 * Lengths are rounded up to the longest vectors. Channels that are convolved lie between guards of
 * zeros, the padding above and below.
 *
 * @param height rows
 * @param width columns of the image
 */
record PlaneLayout(int height, int width) {

  /** Columns of kernels may be cut at multiples of this without changing a bit. */
  static final int UNIT = 16;

  /** Returns the distance between two rows. */
  int pitch() {
    return width + 1;
  }

  /** Returns the floats of a channel. */
  int length() {
    return roundUp(Math.multiplyExact(height, pitch()));
  }

  /** Returns the zeros before and after a guarded channel: a row and a pixel. */
  int guard() {
    return roundUp(pitch() + 1);
  }

  /** Returns the distance between two guarded channels. */
  int guardedLength() {
    return length() + guard();
  }

  /** Returns 1 for each pixel and 0 for the padding. */
  float[] mask() {
    float[] mask = new float[length()];
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        mask[row * pitch() + column] = 1;
      }
    }
    return mask;
  }

  /** Zeroes the padding of one channel. */
  void clearPadding(float[] plane, int at) {
    for (int row = 0; row < height; row++) {
      plane[at + row * pitch() + width] = 0;
    }
    for (int i = height * pitch(); i < length(); i++) {
      plane[at + i] = 0;
    }
  }

  /** Returns the layout after 2×2 pooling. */
  PlaneLayout halved() {
    return new PlaneLayout(height / 2, width / 2);
  }

  private static int roundUp(int length) {
    return Math.multiplyExact((length + UNIT - 1) / UNIT, UNIT);
  }
}
