package io.github.condensenet4j.images;

/**
 * A part of a picture, in pixels.
 *
 * @param left first column
 * @param top first row
 * @param width columns, at least 1
 * @param height rows, at least 1
 */
public record PictureRegion(int left, int top, int width, int height) {

  /** Tells whether all of this lies within a picture. */
  boolean isWithin(PictureSize picture) {
    return left >= 0
        && top >= 0
        && width <= picture.width() - left
        && height <= picture.height() - top;
  }
}
