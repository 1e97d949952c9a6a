package io.github.condensenet4j.layers.arithmetic;

import java.util.Arrays;

/** The connections of each row of a weight that are kept: which columns, and their values. */
@SuppressWarnings("ArrayRecordComponent") // handed from step to step, never compared
record SparseRows(int[][] columns, float[][] values) {

  /** Returns the kept connections of rows {@code first, …}, columns counted from 0. */
  static SparseRows of(RowMatrix weight, int first, int count) {
    int[][] columns = new int[count][];
    float[][] values = new float[count][];
    for (int r = 0; r < count; r++) {
      float[] row = weight.arrays()[first + r][0];
      int[] found = new int[row.length];
      float[] value = new float[row.length];
      int n = 0;
      for (int c = 0; c < row.length; c++) {
        if (weight.kept() == null || weight.kept()[first + r][c]) {
          found[n] = c;
          value[n++] = row[c];
        }
      }
      columns[r] = Arrays.copyOf(found, n);
      values[r] = Arrays.copyOf(value, n);
    }
    return new SparseRows(columns, values);
  }

  /** Returns the transpose, {@code rows} of them. */
  SparseRows transpose(int rows) {
    int[] counts = new int[rows];
    for (int[] row : columns) {
      for (int c : row) {
        counts[c]++;
      }
    }
    int[][] turnedColumns = new int[rows][];
    float[][] turnedValues = new float[rows][];
    for (int r = 0; r < rows; r++) {
      turnedColumns[r] = new int[counts[r]];
      turnedValues[r] = new float[counts[r]];
    }
    int[] next = new int[rows];
    for (int r = 0; r < columns.length; r++) {
      for (int i = 0; i < columns[r].length; i++) {
        int c = columns[r][i];
        turnedColumns[c][next[c]] = r;
        turnedValues[c][next[c]++] = values[r][i];
      }
    }
    return new SparseRows(turnedColumns, turnedValues);
  }

  /**
   * {@code y[r] = (accumulate ? y[r] : 0) + Σ values[r][i] · x[columns[r][i]]} for {@code n}
   * columns of the arrays.
   */
  void multiply(float[][] x, float[][] y, int n, boolean accumulate) {
    int widest = 1;
    for (int[] row : columns) {
      widest = Math.max(widest, row.length);
    }
    // As many columns at once as let the operands stay in the first-level cache.
    int block = Math.max(128, Math.min(1024, 8192 / widest / 64 * 64));
    for (int from = 0; from < n; from += block) {
      int to = Math.min(n, from + block);
      for (int r = 0; r < y.length; r++) {
        multiply(columns[r], values[r], x, y[r], from, to, accumulate);
      }
    }
  }

  private static void multiply(
      int[] columns, float[] values, float[][] x, float[] y, int from, int to, boolean accumulate) {
    int count = columns.length;
    if (count == 0) {
      if (!accumulate) {
        Arrays.fill(y, from, to, 0);
      }
      return;
    }
    for (int i = 0; i < count; i += 4) {
      // What is missing of the last four is another row times zero.
      int i1 = Math.min(i + 1, count - 1);
      int i2 = Math.min(i + 2, count - 1);
      int i3 = Math.min(i + 3, count - 1);
      float w1 = i + 1 < count ? values[i1] : 0;
      float w2 = i + 2 < count ? values[i2] : 0;
      float w3 = i + 3 < count ? values[i3] : 0;
      float[] a = x[columns[i]];
      float[] b = x[columns[i1]];
      float[] c = x[columns[i2]];
      float[] d = x[columns[i3]];
      if (i == 0 && !accumulate) {
        Loops.product4(y, a, b, c, d, values[i], w1, w2, w3, from, to);
      } else {
        Loops.addProduct4(y, a, b, c, d, values[i], w1, w2, w3, from, to);
      }
    }
  }
}
