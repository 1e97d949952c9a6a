package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.kernels.training.TrainingKernels;
import io.github.condensenet4j.layers.arithmetic.Moments;
import io.github.condensenet4j.layers.arithmetic.Nonlinearity;
import io.github.condensenet4j.layers.arithmetic.Transform;
import java.util.Arrays;

/** What is done to rows one by one. */
final class RowOperations {

  /** Columns at a time: in single precision, sums of more would lose digits. */
  private static final int STRETCH = 4096;

  private static final int PARTIAL = 3;

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
    for (FeatureRow row : y.channels()) {
      Arrays.fill(row.array, row.at, row.at + y.columns(), 0);
      row.changed();
    }
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

  void add(FeatureMatrix x, FeatureMatrix y) {
    forEachPart(
        y,
        (row, first, columns, hand) -> add(x.channels()[row], first, columns, y.channels()[row]));
    changed(y);
  }

  private static void add(FeatureRow x, int first, int columns, FeatureRow y) {
    float[] terms = x.array;
    float[] sums = y.array;
    int termsAt = x.at + first;
    int sumsAt = y.at + first;
    for (int i = 0; i < columns; i++) {
      sums[sumsAt + i] += terms[termsAt + i];
    }
  }

  /** {@code y[rows[i]] = y[rows[i]] + x[i]}, in the order of {@code i}. */
  void addSelected(FeatureMatrix x, int[] rows, FeatureMatrix y) {
    int columns = y.columns();
    int parts = (columns + STRETCH - 1) / STRETCH;
    crew.share(
        parts,
        (from, to, hand) -> {
          int first = from * STRETCH;
          int count = Math.min(columns, to * STRETCH) - first;
          for (int i = 0; i < rows.length; i++) {
            add(x.channels()[i], first, count, y.channels()[rows[i]]);
          }
        });
    changed(y);
  }

  /** Computes the moments of rows of which they are not known. */
  Moments moments(FeatureMatrix x) {
    FeatureRow[] unknown =
        Arrays.stream(x.channels()).filter(row -> !row.hasMoments()).toArray(FeatureRow[]::new);
    if (unknown.length > 0) {
      FeatureMatrix rows = new FeatureMatrix(unknown, x.extent());
      // Each row is one thread's, so one collection serves all.
      RowSums sums = new RowSums(unknown.length);
      forEachPart(
          rows,
          (row, first, columns, hand) -> {
            FeatureRow source = unknown[row];
            int at = source.at + first;
            float[] partial = hand.buffer(PARTIAL, 2 * TrainingKernels.PARTIAL);
            kernels.shiftedSums(source.array, at, columns, partial);
            sums.addShifted(row, columns, source.array[at], partial);
          });
      RowSums.putMoments(new RowSums[] {sums}, unknown);
    }
    double[] mean = Arrays.stream(x.channels()).mapToDouble(FeatureRow::mean).toArray();
    double[] variance = Arrays.stream(x.channels()).mapToDouble(FeatureRow::variance).toArray();
    return new Moments(mean, variance);
  }

  /** {@code y = d · f((x − mean) · scale + bias)}. */
  void transform(FeatureMatrix x, Transform transform, FeatureMatrix y) {
    if (transform.function() == Nonlinearity.SIGMOID) {
      sigmoid(x, transform, y);
    } else {
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
    }
    changed(y);
  }

  private void sigmoid(FeatureMatrix x, Transform transform, FeatureMatrix y) {
    for (int row = 0; row < x.rows(); row++) {
      FeatureRow from = x.channels()[row];
      FeatureRow to = y.channels()[row];
      for (int i = 0; i < x.columns(); i++) {
        to.array[to.at + i] = (float) sigmoid(transform, row, from.array[from.at + i]);
      }
    }
  }

  private static double sigmoid(Transform transform, int row, float x) {
    double z = (x - transform.mean()[row]) * transform.scale()[row] + transform.bias()[row];
    return 1 / (1 + Math.exp(-z));
  }

  /** {@code dz = dy · d · f'(z)}; {@code dz} may be {@code dy}. */
  void transformBackward(FeatureMatrix x, Transform transform, FeatureMatrix dy, FeatureMatrix dz) {
    if (transform.function() == Nonlinearity.SIGMOID) {
      sigmoidBackward(x, transform, dy, dz);
      return;
    }
    RowNorms norms = RowNorms.of(transform, x.rows());
    RowSums sums = new RowSums(x.rows());
    forEachPart(
        x,
        (row, first, columns, hand) -> {
          FeatureRow input = x.channels()[row];
          FeatureRow from = dy.channels()[row];
          FeatureRow to = dz.channels()[row];
          if (norms.dropout != null) {
            for (int i = 0; i < columns; i++) {
              to.array[to.at + first + i] =
                  from.array[from.at + first + i] * norms.dropout.factor(row, first + i);
            }
            from = to;
          }
          float[] partial = hand.buffer(PARTIAL, 2 * TrainingKernels.PARTIAL);
          kernels.activateBackward(
              norms.function,
              norms.mean[row],
              norms.scale[row],
              norms.bias[row],
              input.array,
              input.at + first,
              from.array,
              from.at + first,
              kernels.panel(),
              to.array,
              to.at + first,
              columns,
              partial);
          sums.add(row, partial);
        });
    RowSums.putSums(new RowSums[] {sums}, dz.channels(), norms);
  }

  private void sigmoidBackward(
      FeatureMatrix x, Transform transform, FeatureMatrix dy, FeatureMatrix dz) {
    for (int row = 0; row < x.rows(); row++) {
      FeatureRow input = x.channels()[row];
      FeatureRow from = dy.channels()[row];
      FeatureRow to = dz.channels()[row];
      for (int i = 0; i < x.columns(); i++) {
        double s = sigmoid(transform, row, input.array[input.at + i]);
        to.array[to.at + i] = (float) (from.array[from.at + i] * s * (1 - s));
      }
    }
    changed(dz);
  }

  /** Returns {@code Σ dz[r]} and {@code Σ dz[r] · (x[r] − mean[r])} of each row. */
  double[][] normalizationSums(FeatureMatrix dz, FeatureMatrix x, double[] mean) {
    for (FeatureRow row : dz.channels()) {
      if (!row.hasSums()) {
        Transform centring =
            new Transform(
                mean, ones(mean.length), new double[mean.length], Nonlinearity.IDENTITY, null);
        transformBackward(x, centring, dz, dz);
        break;
      }
    }
    return new double[][] {
      Arrays.stream(dz.channels()).mapToDouble(FeatureRow::sum).toArray(),
      Arrays.stream(dz.channels()).mapToDouble(FeatureRow::product).toArray()
    };
  }

  private static double[] ones(int length) {
    double[] ones = new double[length];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** {@code dx[r] = (accumulate ? dx[r] : 0) + a[r] · dz[r] + b[r] · (x[r] − mean[r]) + c[r]}. */
  void normalizeBackward(
      FeatureMatrix dz,
      FeatureMatrix x,
      double[] mean,
      double[] a,
      double[] b,
      double[] c,
      FeatureMatrix dx,
      boolean accumulate) {
    forEachPart(
        x,
        (row, first, columns, hand) -> {
          FeatureRow gradient = dz.channels()[row];
          FeatureRow value = x.channels()[row];
          FeatureRow target = dx.channels()[row];
          float centre = (float) mean[row];
          kernels.normalizeBackward(
              gradient.array,
              gradient.at + first,
              value.array,
              value.at + first,
              centre,
              (float) a[row],
              (float) b[row],
              (float) (c[row] - b[row] * (mean[row] - centre)),
              accumulate ? target.array : null,
              target.at + first,
              target.array,
              target.at + first,
              columns);
        });
    changed(dx);
  }
}
