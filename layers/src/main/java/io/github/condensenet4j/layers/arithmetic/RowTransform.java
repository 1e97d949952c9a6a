package io.github.condensenet4j.layers.arithmetic;

/** {@link Transform} and its gradient on the numbers of one row, in plain loops. */
final class RowTransform {

  private RowTransform() {}

  /** Transforms the {@code n} numbers of {@code x}, which begin at {@code column} of the row. */
  static void apply(float[] x, Transform transform, int row, float[] y, int n, int column) {
    float mean = (float) transform.mean()[row];
    float scale = (float) transform.scale()[row];
    float bias = (float) transform.bias()[row];
    switch (transform.function()) {
      case IDENTITY -> Loops.normalize(y, x, mean, scale, bias, n);
      case RELU -> Loops.normalizeRelu(y, x, mean, scale, bias, n);
      case HARD_SWISH -> Loops.normalizeHardSwish(y, x, mean, scale, bias, n);
      case SIGMOID -> {
        Loops.normalize(y, x, mean, scale, bias, n);
        for (int j = 0; j < n; j++) {
          y[j] = sigmoid(y[j]);
        }
      }
    }
    drop(transform.dropout(), row, y, n, column);
  }

  /** Takes the gradient {@code dy} of such numbers back to before the non-linearity. */
  static void backward(
      float[] x, Transform transform, int row, float[] dy, float[] dz, int n, int column) {
    float mean = (float) transform.mean()[row];
    float scale = (float) transform.scale()[row];
    float bias = (float) transform.bias()[row];
    switch (transform.function()) {
      case IDENTITY -> {
        if (dz != dy) {
          System.arraycopy(dy, 0, dz, 0, n);
        }
      }
      case RELU -> Loops.reluBackward(dz, dy, x, mean, scale, bias, n);
      case HARD_SWISH -> Loops.hardSwishBackward(dz, dy, x, mean, scale, bias, n);
      case SIGMOID -> {
        for (int j = 0; j < n; j++) {
          float value = sigmoid((x[j] - mean) * scale + bias);
          dz[j] = dy[j] * value * (1 - value);
        }
      }
    }
    drop(transform.dropout(), row, dz, n, column);
  }

  private static float sigmoid(float z) {
    return (float) (1 / (1 + Math.exp(-z)));
  }

  private static void drop(Dropout dropout, int row, float[] y, int n, int column) {
    if (dropout != null) {
      for (int j = 0; j < n; j++) {
        y[j] *= dropout.factor(row, column + j);
      }
    }
  }
}
