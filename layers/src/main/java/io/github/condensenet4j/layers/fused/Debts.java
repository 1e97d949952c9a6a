package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.kernels.training.TrainingKernels;

/**
 * What the rows of a gradient owe ({@link FeatureRow.Debt}), as kernels take many of them at once.
 */
final class Debts {

  private final TrainingKernels kernels;
  private final boolean[] owing;
  private final float[][] x;
  private final int[] xAt;
  private final float[] mean;
  private final float[] b;
  private final float[] c;
  private final RowArrays gradient;

  private Debts(TrainingKernels kernels, FeatureMatrix matrix) {
    this.kernels = kernels;
    FeatureRow[] rows = matrix.channels();
    owing = new boolean[rows.length];
    x = new float[rows.length][];
    xAt = new int[rows.length];
    mean = new float[rows.length];
    b = new float[rows.length];
    c = new float[rows.length];
    gradient = RowArrays.of(matrix);
    for (int r = 0; r < rows.length; r++) {
      FeatureRow.Debt debt = rows[r].debt();
      owing[r] = debt != null;
      FeatureRow source = owing[r] ? debt.x() : rows[r];
      x[r] = source.array;
      xAt[r] = source.at;
      if (owing[r]) {
        mean[r] = (float) debt.mean();
        b[r] = (float) debt.b();
        c[r] = (float) (debt.c() - debt.b() * (debt.mean() - mean[r]));
      }
    }
  }

  static Debts of(TrainingKernels kernels, FeatureMatrix gradient) {
    return new Debts(kernels, gradient);
  }

  private boolean anyOwes(int[] numbers) {
    for (int row : numbers) {
      if (owing[row]) {
        return true;
      }
    }
    return false;
  }

  /** Adds what is owed to {@code n} columns of some rows; they are not marked as paid. */
  void pay(int[] numbers, int first, int n) {
    if (anyOwes(numbers)) {
      addTo(numbers, first, n, gradient, first);
    }
  }

  /** Writes {@code n} columns of some rows with what they owe to {@code paid}. */
  void copy(int[] numbers, int first, int n, RowArrays paid) {
    addTo(numbers, first, n, paid, 0);
  }

  private void addTo(int[] numbers, int first, int n, RowArrays to, int toFirst) {
    kernels.addCentred(
        x,
        xAt,
        mean,
        b,
        c,
        gradient.arrays(),
        gradient.at(),
        numbers,
        first,
        n,
        to.arrays(),
        to.at(),
        toFirst);
  }
}
