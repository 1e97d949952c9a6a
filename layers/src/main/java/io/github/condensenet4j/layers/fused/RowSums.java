package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.kernels.training.TrainingKernels;

/**
 * Moments of rows, or sums of gradients, while their parts are computed: one for each part of the
 * work, put together in the order of the parts.
 */
final class RowSums {

  /** Numbers at most that are added up in single precision: sums of more would lose digits. */
  static final int MOST_AT_ONCE = 4096;

  private final int rows;
  private double[] counts;
  private double[] first;
  private double[] second;

  private RowSums(int rows) {
    this.rows = rows;
  }

  /** Returns one that several threads may take rows in with, each other ones. */
  static RowSums shared(int rows) {
    RowSums sums = new RowSums(rows);
    sums.begin();
    return sums;
  }

  /**
   * Returns one for each of {@code parts} parts of the work. Each gets its memory from the thread
   * that is the first to write to it, which has it in its caches then.
   */
  static RowSums[] forParts(int parts, int rows) {
    RowSums[] sums = new RowSums[parts];
    for (int i = 0; i < parts; i++) {
      sums[i] = new RowSums(rows);
    }
    return sums;
  }

  private void begin() {
    counts = new double[rows];
    first = new double[rows];
    second = new double[rows];
  }

  private boolean isEmpty() {
    return first == null;
  }

  /**
   * Takes in {@code count} numbers as they stand.
   *
   * @param partial memory for two partial sums
   */
  void addNumbers(
      TrainingKernels kernels, int row, float[] array, int at, int count, float[] partial) {
    kernels.shiftedSums(array, at, count, partial);
    addShifted(row, count, array[at], partial, 0);
  }

  /**
   * Takes in {@code count} numbers of which partial sums {@code which} and the next are those
   * around {@code pivot}.
   */
  void addShifted(int row, int count, double pivot, float[] partial, int which) {
    double sum = TrainingKernels.total(partial, which);
    double mean = sum / count;
    double squares = TrainingKernels.total(partial, which + 1) - sum * mean;
    addMoments(row, count, pivot + mean, Math.max(0, squares));
  }

  private void addMoments(int row, double count, double mean, double squares) {
    if (isEmpty()) {
      begin();
    }
    if (counts[row] == 0) {
      counts[row] = count;
      first[row] = mean;
      second[row] = squares;
      return;
    }
    double all = counts[row] + count;
    double apart = mean - first[row];
    first[row] += apart * count / all;
    second[row] += squares + apart * apart * counts[row] * count / all;
    counts[row] = all;
  }

  /** Leaves mean and variance with the rows of which anything has been taken in. */
  static void putMoments(RowSums[] parts, FeatureRow[] rows) {
    RowSums whole = shared(rows.length);
    for (RowSums part : parts) {
      for (int r = 0; !part.isEmpty() && r < rows.length; r++) {
        if (part.counts[r] > 0) {
          whole.addMoments(r, part.counts[r], part.first[r], part.second[r]);
        }
      }
    }
    for (int r = 0; r < rows.length; r++) {
      if (whole.counts[r] > 0) {
        rows[r].moments(whole.first[r], whole.second[r] / whole.counts[r]);
      }
    }
  }

  /** Takes in a part of a gradient, whose two sums are partial sums {@code which} and the next. */
  void add(int row, float[] partial, int which) {
    if (isEmpty()) {
      begin();
    }
    first[row] += TrainingKernels.total(partial, which);
    second[row] += TrainingKernels.total(partial, which + 1);
  }

  /** Returns the sums of gradients; {@code centring} says what was subtracted. */
  static double[][] ofGradients(RowSums[] parts, RowNorms centring) {
    int rows = parts[0].rows;
    double[][] sums = new double[2][rows];
    // Part by part, because each is another thread's: one after the other they come sooner.
    for (RowSums part : parts) {
      for (int r = 0; !part.isEmpty() && r < rows; r++) {
        sums[0][r] += part.first[r];
        sums[1][r] += part.second[r];
      }
    }
    for (int r = 0; r < rows; r++) {
      sums[1][r] -= sums[0][r] * centring.rest(r);
    }
    return sums;
  }
}
