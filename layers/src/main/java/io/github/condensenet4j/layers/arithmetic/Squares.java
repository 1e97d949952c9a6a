package io.github.condensenet4j.layers.arithmetic;

import java.util.Arrays;

/**
 * Squares of pixels that do not overlap, in one channel of one image; what is left at the lower and
 * right border belongs to none.
 *
 * @param height rows of pixels
 * @param width pixels in a row
 * @param size side of a square
 */
public record Squares(int height, int width, int size) {

  /** Returns the squares of the images of {@code extent}. */
  public static Squares of(Extent extent, int size) {
    return new Squares(extent.height(), extent.width(), size);
  }

  /** Returns the number of squares. */
  public int count() {
    return (height / size) * (width / size);
  }

  /** Writes the mean of each square of {@code x} from {@code xAt} on to {@code y}. */
  public void means(float[] x, int xAt, float[] y, int yAt) {
    int across = width / size;
    for (int row = 0; row < height / size; row++) {
      int to = yAt + row * across;
      int from = xAt + row * size * width;
      means(x, from, y, to, across);
    }
  }

  private void means(float[] x, int from, float[] y, int to, int across) {
    for (int i = 0; i < across; i++) {
      float sum = 0;
      for (int r = 0; r < size; r++) {
        for (int c = 0; c < size; c++) {
          sum += x[from + r * width + i * size + c];
        }
      }
      y[to + i] = sum / (size * size);
    }
  }

  /**
   * Writes to each pixel of a square of {@code x} its share of the square's number in {@code y},
   * and 0 to what belongs to no square.
   */
  public void shares(float[] y, int yAt, float[] x, int xAt) {
    float share = 1f / (size * size);
    int across = width / size;
    int rows = height / size * size;
    for (int row = 0; row < rows; row += size) {
      int from = yAt + row / size * across;
      int at = xAt + row * width;
      for (int i = 0; i < across; i++) {
        float value = y[from + i] * share;
        for (int c = i * size; c < (i + 1) * size; c++) {
          x[at + c] = value;
        }
      }
      Arrays.fill(x, at + across * size, at + width, 0);
      for (int r = 1; r < size; r++) {
        System.arraycopy(x, at, x, at + r * width, width);
      }
    }
    Arrays.fill(x, xAt + rows * width, xAt + height * width, 0);
  }
}
