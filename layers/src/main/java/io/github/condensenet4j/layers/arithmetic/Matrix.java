package io.github.condensenet4j.layers.arithmetic;

/**
 * Numbers in rows and columns, in the memory of one {@link Arithmetic}.
 *
 * <p>Features {@code [N, C, H, W]} are kept with a row for each channel: column {@code (n·H + h)·W
 * + w} of row {@code c} is pixel {@code (h, w)} of image {@code n}. A dense layer appends rows, so
 * nothing is copied where the official code concatenates.
 */
public interface Matrix {

  /** Returns the number of rows. */
  int rows();

  /** Returns the number of columns. */
  int columns();

  /** Returns {@code count} rows from {@code first} on, sharing their memory. */
  Matrix slice(int first, int count);
}
