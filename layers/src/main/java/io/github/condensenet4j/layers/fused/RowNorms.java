package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.kernels.training.Activation;
import io.github.condensenet4j.layers.arithmetic.Dropout;
import io.github.condensenet4j.layers.arithmetic.Transform;

/** A {@link Transform} in single precision, as the kernels want it. */
final class RowNorms {

  final Activation function;
  final float[] mean;
  final float[] scale;
  final float[] bias;
  final Dropout dropout;
  private final double[] rest;

  private RowNorms(Transform transform, int rows) {
    mean = new float[rows];
    scale = new float[rows];
    bias = new float[rows];
    rest = new double[rows];
    if (transform == null) {
      function = Activation.IDENTITY;
      dropout = null;
      java.util.Arrays.fill(scale, 1);
      return;
    }
    function =
        switch (transform.function()) {
          case IDENTITY -> Activation.IDENTITY;
          case RELU -> Activation.RELU;
          case HARD_SWISH -> Activation.HARD_SWISH;
          case SIGMOID -> throw new IllegalArgumentException("sigmoid is no function of rows");
        };
    dropout = transform.dropout();
    for (int r = 0; r < rows; r++) {
      mean[r] = (float) transform.mean()[r];
      scale[r] = (float) transform.scale()[r];
      rest[r] = transform.mean()[r] - mean[r];
      bias[r] = (float) (transform.bias()[r] - rest[r] * transform.scale()[r]);
    }
  }

  /** Returns the transform of {@code rows} rows; null stands for none. */
  static RowNorms of(Transform transform, int rows) {
    return new RowNorms(transform, rows);
  }

  /** Returns what the rounding of row {@code r}'s mean has left out. */
  double rest(int r) {
    return rest[r];
  }

  /** Multiplies {@code columns} packed numbers of row {@code r} by what dropout keeps of them. */
  void drop(int r, int firstColumn, float[] packed, int at, int step, int columns, int panel) {
    if (dropout != null) {
      for (int i = 0; i < columns; i++) {
        packed[at + i / panel * step + i % panel] *= dropout.factor(r, firstColumn + i);
      }
    }
  }
}
