package io.github.condensenet4j.layers.arithmetic;

/**
 * What the columns of a matrix of features stand for.
 *
 * @param images images of the batch
 * @param height rows of pixels
 * @param width pixels in a row
 */
public record Extent(int images, int height, int width) {

  /** Returns the number of pixels of one image. */
  public int pixels() {
    return height * width;
  }

  /** Returns the number of columns: the pixels of all images. */
  public int columns() {
    return Math.multiplyExact(images, pixels());
  }
}
