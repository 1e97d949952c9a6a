package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.kernels.training.TrainingKernels;
import io.github.condensenet4j.layers.arithmetic.GradientTarget;
import io.github.condensenet4j.layers.arithmetic.Moments;
import io.github.condensenet4j.layers.arithmetic.Transform;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What is done to rows one by one. */
final class RowOperations {

  /** Columns at a time. */
  private static final int STRETCH = RowSums.MOST_AT_ONCE;

  private static final int PARTIAL = 3;
  private static final int DROPPED = 4;

  private final TrainingKernels kernels;
  private final Crew crew;

  RowOperations(TrainingKernels kernels, Crew crew) {
    this.kernels = kernels;
    this.crew = crew;
  }

  static void changed(FeatureMatrix matrix) {
    for (FeatureRow row : matrix.channels()) {
      row.changed();
    }
  }

  static void replaced(FeatureMatrix matrix) {
    for (FeatureRow row : matrix.channels()) {
      row.replaced();
    }
  }

  static void written(GradientTarget target) {
    FeatureMatrix dx = FeatureMatrix.of(target.dx());
    if (target.accumulates()) {
      changed(dx);
    } else {
      replaced(dx);
    }
  }

  /** Some columns of a row. */
  private interface Part {
    void run(int row, int first, int columns, Crew.Hand hand);
  }

  private void forEachPart(FeatureMatrix matrix, Part action) {
    int columns = matrix.columns();
    crew.share(
        matrix.rows(),
        (from, to, hand) -> {
          for (int row = from; row < to; row++) {
            for (int first = 0; first < columns; first += STRETCH) {
              action.run(row, first, Math.min(STRETCH, columns - first), hand);
            }
          }
        });
  }

  void clear(FeatureMatrix y) {
    forEachPart(
        y,
        (row, first, columns, hand) -> {
          FeatureRow cleared = y.channels()[row];
          int from = cleared.at + first;
          Arrays.fill(cleared.array, from, from + columns, 0);
        });
    replaced(y);
  }

  void copy(FeatureMatrix x, FeatureMatrix y) {
    forEachPart(
        y,
        (row, first, columns, hand) -> {
          FeatureRow from = x.channels()[row];
          FeatureRow to = y.channels()[row];
          System.arraycopy(from.array, from.at + first, to.array, to.at + first, columns);
        });
    for (int row = 0; row < y.rows(); row++) {
      y.channels()[row].copied(x.channels()[row]);
    }
  }

  void add(FeatureMatrix x, float factor, FeatureMatrix y) {
    forEachPart(
        y,
        (row, first, columns, hand) ->
            add(x.channels()[row], factor, first, columns, y.channels()[row]));
    changed(y);
  }

  private static void add(FeatureRow x, float factor, int first, int columns, FeatureRow y) {
    float[] terms = x.array;
    float[] sums = y.array;
    int termsAt = x.at + first;
    int sumsAt = y.at + first;
    for (int i = 0; i < columns; i++) {
      sums[sumsAt + i] += factor * terms[termsAt + i];
    }
  }

  /** {@code y[rows[i]] = y[rows[i]] + factor · x[i]}, in the order of {@code i}. */
  void addSelected(FeatureMatrix x, int[] rows, float factor, FeatureMatrix y) {
    int columns = y.columns();
    int parts = (columns + STRETCH - 1) / STRETCH;
    crew.share(
        parts,
        (from, to, hand) -> {
          int first = from * STRETCH;
          int count = Math.min(columns, to * STRETCH) - first;
          for (int i = 0; i < rows.length; i++) {
            add(x.channels()[i], factor, first, count, y.channels()[rows[i]]);
          }
        });
    for (int row : rows) {
      y.channels()[row].changed();
    }
  }

  /** Computes the moments of rows of which they are not known. */
  Moments moments(FeatureMatrix x) {
    FeatureRow[] unknown =
        Arrays.stream(x.channels()).filter(row -> !row.hasMoments()).toArray(FeatureRow[]::new);
    if (unknown.length > 0) {
      FeatureMatrix rows = new FeatureMatrix(unknown, x.extent());
      // Each row is one thread's, so one collection serves all.
      RowSums sums = RowSums.shared(unknown.length);
      forEachPart(
          rows,
          (row, first, columns, hand) -> {
            FeatureRow source = unknown[row];
            int at = source.at + first;
            float[] partial = hand.buffer(PARTIAL, 2 * TrainingKernels.PARTIAL);
            sums.addNumbers(kernels, row, source.array, at, columns, partial);
          });
      RowSums.putMoments(new RowSums[] {sums}, unknown);
    }
    double[] mean = Arrays.stream(x.channels()).mapToDouble(FeatureRow::mean).toArray();
    double[] variance = Arrays.stream(x.channels()).mapToDouble(FeatureRow::variance).toArray();
    return new Moments(mean, variance);
  }

  /** {@code y = d · f((x − mean) · scale + bias)}. */
  void transform(FeatureMatrix x, Transform transform, FeatureMatrix y) {
    RowNorms norms = RowNorms.of(transform, x.rows());
    forEachPart(
        x,
        (row, first, columns, hand) -> {
          FeatureRow from = x.channels()[row];
          FeatureRow to = y.channels()[row];
          kernels.pack(
              norms.function,
              norms.mean[row],
              norms.scale[row],
              norms.bias[row],
              from.array,
              from.at + first,
              columns,
              to.array,
              to.at + first,
              kernels.panel());
          norms.drop(
              row, first, to.array, to.at + first, kernels.panel(), columns, kernels.panel());
        });
    replaced(y);
  }

  /** {@code dz = dy · d · f'(z)} goes to {@code target}; returns its sums. */
  double[][] transformBackward(
      FeatureMatrix x, Transform transform, FeatureMatrix dy, GradientTarget target) {
    FeatureMatrix dx = FeatureMatrix.of(target.dx());
    RowNorms norms = RowNorms.of(transform, x.rows());
    RowSums sums = RowSums.shared(x.rows());
    forEachPart(
        x,
        (row, first, columns, hand) -> {
          FeatureRow input = x.channels()[row];
          FeatureRow gradient = dy.channels()[row];
          FeatureRow to = dx.channels()[row];
          float[] from = gradient.array;
          int fromAt = gradient.at + first;
          if (norms.dropout != null) {
            from = hand.buffer(DROPPED, STRETCH);
            fromAt = 0;
            System.arraycopy(gradient.array, gradient.at + first, from, 0, columns);
            norms.drop(row, first, from, 0, kernels.panel(), columns, kernels.panel());
          }
          float[] partial = hand.buffer(PARTIAL, 2 * TrainingKernels.PARTIAL);
          kernels.activateBackward(
              norms.function,
              norms.mean[row],
              norms.scale[row],
              norms.bias[row],
              input.array,
              input.at + first,
              from,
              fromAt,
              kernels.panel(),
              target.factor(row),
              target.accumulates(),
              to.array,
              to.at + first,
              columns,
              partial,
              0);
          sums.add(row, partial, 0);
        });
    written(target);
    return RowSums.ofGradients(new RowSums[] {sums}, norms);
  }

  /** {@code dx[r] = dx[r] + b[r] · (x[r] − mean[r]) + c[r]}, as soon as anybody reads it. */
  void addCentred(FeatureMatrix x, double[] mean, double[] b, double[] c, FeatureMatrix dx) {
    FeatureRow[] rows = dx.channels();
    for (int r = 0; r < rows.length; r++) {
      // Rows that no connection reads have no gradient.
      if (b[r] != 0 || c[r] != 0) {
        FeatureRow.Debt debt = new FeatureRow.Debt(x.channels()[r], mean[r], b[r], c[r]);
        if (!rows[r].canOwe(debt)) {
          settle(dx);
        }
        rows[r].owe(debt);
      }
    }
  }

  /** Adds what is owed to the rows of a matrix that is going to be read. */
  void settle(FeatureMatrix matrix) {
    FeatureRow[] rows = owing(matrix);
    if (rows.length > 0) {
      FeatureMatrix owing = new FeatureMatrix(rows, matrix.extent());
      Debts debts = Debts.of(kernels, owing);
      if (debts.areOfReplaced()) {
        throw new IllegalStateException("what a gradient owes is reckoned from what it replaced");
      }
      forEachPart(owing, (row, first, columns, hand) -> debts.pay(new int[] {row}, first, columns));
      markPaid(rows);
    }
  }

  /** Returns each row that owes something once. */
  static FeatureRow[] owing(FeatureMatrix matrix) {
    List<FeatureRow> owing = new ArrayList<>();
    for (FeatureRow row : matrix.channels()) {
      list(row, owing);
    }
    return owing.toArray(new FeatureRow[0]);
  }

  /** Returns those among some rows of a matrix that owe something, each once. */
  static FeatureRow[] owing(FeatureMatrix matrix, int[] rows) {
    List<FeatureRow> owing = new ArrayList<>();
    for (int row : rows) {
      list(matrix.channels()[row], owing);
    }
    return owing.toArray(new FeatureRow[0]);
  }

  private static void list(FeatureRow row, List<FeatureRow> owing) {
    if (row.debt() != null && row.isNewTo(owing)) {
      owing.add(row);
    }
  }

  static void markPaid(FeatureRow[] rows) {
    for (FeatureRow row : rows) {
      row.paid();
    }
  }
}
