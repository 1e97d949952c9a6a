package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.kernels.training.TrainingKernels;
import java.util.stream.IntStream;

/**
 * The gradients of a window convolution's outputs with what they owe, some columns of a group at a
 * time: where anything is owed, a copy, so that the rows go on owing it and are not written.
 */
final class PaidGradients {

  private static final int PAID = 5;

  private final boolean owes;
  private final Debts debts;
  private final RowArrays gradients;
  private final RowNorms norms;
  private final int[] copiesAt;
  private final int copiesLength;

  /**
   * Prepares to read {@code dy}.
   *
   * @param perGroup rows of a group
   * @param most columns that are read at once, at most
   */
  PaidGradients(TrainingKernels kernels, FeatureMatrix dy, int perGroup, int most) {
    debts = Debts.of(kernels, dy);
    owes = debts.areAny();
    gradients = debts.rows();
    norms = RowNorms.of(null, dy.rows());
    int pitch = most + kernels.panel();
    copiesAt =
        IntStream.range(0, dy.rows()).map(o -> CacheLines.row(o % perGroup, pitch)).toArray();
    copiesLength = perGroup * pitch;
  }

  /** Returns what leaves the gradients as they are when they are packed. */
  RowNorms norms() {
    return norms;
  }

  /** Returns where the gradients are after {@link #pay}, for one thread. */
  RowArrays rows(Crew.Hand hand) {
    return owes ? RowArrays.in(hand.buffer(PAID, copiesLength), copiesAt) : gradients;
  }

  /**
   * Has {@code n} columns of some rows of a group ready in {@code rows}.
   *
   * @return the column of {@code rows} at which the first of them is
   */
  int pay(int[] numbers, int first, int n, RowArrays rows) {
    if (!owes) {
      CacheLines.fetch(gradients, numbers, first, n);
      return first;
    }
    debts.copy(numbers, first, n, rows);
    return 0;
  }
}
