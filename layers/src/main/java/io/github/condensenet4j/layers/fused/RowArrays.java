package io.github.condensenet4j.layers.fused;

import java.util.Arrays;

/**
 * The rows of a matrix as kernels take many of them at once.
 *
 * @param arrays holds the numbers of each row
 * @param at where they start
 */
@SuppressWarnings("ArrayRecordComponent") // views of shared memory, never compared
record RowArrays(float[][] arrays, int[] at) {

  /** Returns rows that all lie in {@code array}. */
  static RowArrays in(float[] array, int[] at) {
    float[][] arrays = new float[at.length][];
    Arrays.fill(arrays, array);
    return new RowArrays(arrays, at);
  }

  static RowArrays of(FeatureMatrix matrix) {
    FeatureRow[] rows = matrix.channels();
    float[][] arrays = new float[rows.length][];
    int[] at = new int[rows.length];
    for (int r = 0; r < rows.length; r++) {
      arrays[r] = rows[r].array;
      at[r] = rows[r].at;
    }
    return new RowArrays(arrays, at);
  }
}
