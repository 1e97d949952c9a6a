package io.github.condensenet4j.layers.arithmetic;

import java.util.Arrays;

/**
 * Rows of arrays, the matrix of {@link PlainArithmetic}.
 *
 * @param arrays the arrays of each row
 * @param tiles how columns are cut; null for parameters, which have one array a row
 * @param kept which numbers are not masked; null if none is
 */
@SuppressWarnings("ArrayRecordComponent") // views of shared memory, never compared
record RowMatrix(float[][][] arrays, Tiles tiles, boolean[][] kept) implements Matrix {

  @Override
  public int rows() {
    return arrays.length;
  }

  @Override
  public int columns() {
    return tiles == null ? arrays[0][0].length : tiles.extent().columns();
  }

  @Override
  public Matrix slice(int first, int count) {
    return new RowMatrix(Arrays.copyOfRange(arrays, first, first + count), tiles, null);
  }

  /** Returns the arrays of {@code tile} of {@code count} rows from {@code first} on. */
  float[][] arraysOf(int tile, int first, int count) {
    float[][] ofTile = new float[count][];
    for (int r = 0; r < count; r++) {
      ofTile[r] = arrays[first + r][tile];
    }
    return ofTile;
  }

  /** Copies {@code images} images of a row to the beginning of {@code target}. */
  void gatherImages(int row, int first, int images, float[] target) {
    int pixels = tiles.extent().pixels();
    for (int i = 0; i < images; i++) {
      float[] source = arrays[row][tiles.tileOf(first + i)];
      System.arraycopy(source, tiles.columnOf(first + i), target, i * pixels, pixels);
    }
  }
}
