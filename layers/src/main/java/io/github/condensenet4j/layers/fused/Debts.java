package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.kernels.training.CentredRows;
import io.github.condensenet4j.kernels.training.TrainingKernels;

/**
 * What the rows of a gradient owe ({@link FeatureRow.Debt}), as kernels take many of them at once.
 */
final class Debts {

  private final TrainingKernels kernels;
  private final boolean[] owing;
  private final boolean[] ofReplaced;
  private final CentredRows terms;
  private final RowArrays gradient;

  private Debts(TrainingKernels kernels, FeatureMatrix matrix) {
    this.kernels = kernels;
    FeatureRow[] rows = matrix.channels();
    owing = new boolean[rows.length];
    ofReplaced = new boolean[rows.length];
    float[][] x = new float[rows.length][];
    int[] xAt = new int[rows.length];
    float[] mean = new float[rows.length];
    float[] b = new float[rows.length];
    float[] c = new float[rows.length];
    gradient = RowArrays.of(matrix);
    for (int r = 0; r < rows.length; r++) {
      FeatureRow.Debt debt = rows[r].debt();
      owing[r] = debt != null;
      ofReplaced[r] = rows[r].owesOfReplaced();
      FeatureRow source = owing[r] ? debt.x() : rows[r];
      x[r] = source.array;
      xAt[r] = source.at;
      if (owing[r]) {
        mean[r] = (float) debt.mean();
        b[r] = (float) debt.b();
        c[r] = (float) (debt.c() - debt.b() * (debt.mean() - mean[r]));
      }
    }
    terms = new CentredRows(x, xAt, mean, b, c);
  }

  static Debts of(TrainingKernels kernels, FeatureMatrix gradient) {
    return new Debts(kernels, gradient);
  }

  /** Tells whether any row owes anything. */
  boolean areAny() {
    for (boolean owes : owing) {
      if (owes) {
        return true;
      }
    }
    return false;
  }

  private boolean anyOwes(int[] numbers) {
    for (int row : numbers) {
      if (owing[row]) {
        return true;
      }
    }
    return false;
  }

  /** Tells whether anything is reckoned from numbers that the gradient has taken the place of. */
  boolean areOfReplaced() {
    for (boolean ofThis : ofReplaced) {
      if (ofThis) {
        return true;
      }
    }
    return false;
  }

  /** Returns the gradient's rows, which lack what they owe. */
  RowArrays rows() {
    return gradient;
  }

  /** Returns what is owed, a term of 0 where nothing is. */
  CentredRows terms() {
    return terms;
  }

  /** Adds what is owed to {@code n} columns of some rows; they are not marked as paid. */
  void pay(int[] numbers, int first, int n) {
    if (anyOwes(numbers)) {
      addTo(terms, numbers, first, n, false, gradient, first);
    }
  }

  /** Writes {@code n} columns of some rows with what they owe to {@code paid}. */
  void copy(int[] numbers, int first, int n, RowArrays paid) {
    copy(terms, numbers, first, n, paid);
  }

  /** Does so where what is owed is {@code owed}. */
  void copy(CentredRows owed, int[] numbers, int first, int n, RowArrays paid) {
    addTo(owed, numbers, first, n, false, paid, 0);
  }

  /** Does what {@link #pay} does, and writes the same numbers to {@code paid}. */
  void payAndCopy(int[] numbers, int first, int n, RowArrays paid) {
    addTo(terms, numbers, first, n, anyOwes(numbers), paid, 0);
  }

  /** Has {@code n} columns of some rows, and of what they owe, in the cache. */
  void fetch(int[] numbers, int first, int n) {
    for (int row : numbers) {
      CacheLines.fetch(gradient.arrays()[row], gradient.at()[row] + first, n);
      if (owing[row] && !ofReplaced[row]) {
        CacheLines.fetch(terms.x()[row], terms.xAt()[row] + first, n);
      }
    }
  }

  private void addTo(
      CentredRows owed, int[] numbers, int first, int n, boolean keeps, RowArrays to, int toFirst) {
    fetch(numbers, first, n);
    kernels.addCentred(
        owed,
        gradient.arrays(),
        gradient.at(),
        numbers,
        first,
        n,
        keeps,
        to.arrays(),
        to.at(),
        toFirst);
  }
}
