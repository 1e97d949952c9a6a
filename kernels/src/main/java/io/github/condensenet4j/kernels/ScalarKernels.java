package io.github.condensenet4j.kernels;

/** The operations as plain loops: what the formulas say, to be read and to be compared with. */
final class ScalarKernels implements Kernels {

  @Override
  public String description() {
    return "plain loops";
  }

  @Override
  public int scratchLength(GroupWeights weights) {
    return 0;
  }

  @Override
  public void product(
      GroupProduct product,
      int fromRow,
      int toRow,
      float[] x,
      int xAt,
      float[] y,
      int yAt,
      int columns,
      float[] mask,
      int maskAt,
      float[] scratch) {
    GroupWeights weights = product.weights();
    for (int row = fromRow; row < toRow; row++) {
      int group = row / weights.rows();
      int out = yAt + product.outputs()[row];
      if (!product.accumulates()) {
        for (int i = 0; i < columns; i++) {
          y[out + i] = weights.bias()[row];
        }
      }
      for (int k = 0; k < weights.depth(); k++) {
        float weight = weights.values()[weights.indexOf(row) + k * weights.step(row)];
        int in = xAt + product.shift(group) + product.inputs()[product.inputsAt(group) + k];
        int input = group * weights.depth() + k;
        for (int i = 0; i < columns; i++) {
          y[out + i] += weight * normalized(weights.inputs(), input, x[in + i]);
        }
      }
      if (!product.accumulates()) {
        for (int i = 0; i < columns; i++) {
          y[out + i] = weights.outputs().of(y[out + i]) * (mask == null ? 1 : mask[maskAt + i]);
        }
      }
    }
  }

  @Override
  public void column(
      GroupWeights weights,
      int[] inputs,
      int fromRow,
      int toRow,
      float[] x,
      int xAt,
      float[] y,
      int yAt) {
    for (int row = fromRow; row < toRow; row++) {
      float sum = weights.bias()[row];
      for (int k = 0; k < weights.depth(); k++) {
        sum += weights.values()[weights.indexOf(row) + k * weights.step(row)] * x[xAt + inputs[k]];
      }
      y[yAt + row] = weights.outputs().of(sum);
    }
  }

  @Override
  public void means(
      Normalization normalization,
      int fromRow,
      int toRow,
      float[] x,
      int xAt,
      int stride,
      int columns,
      float[] mask,
      int maskAt,
      float factor,
      float[] y,
      int yAt,
      int yStep) {
    for (int row = fromRow; row < toRow; row++) {
      float sum = 0;
      for (int i = 0; i < columns; i++) {
        sum += mask[maskAt + i] * normalized(normalization, row, x[xAt + row * stride + i]);
      }
      y[yAt + row * yStep] = factor * sum;
    }
  }

  @Override
  public void scale(
      float[] x, int xAt, int stride, int rows, int columns, float[] factors, int factorsAt) {
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < columns; i++) {
        x[xAt + row * stride + i] *= factors[factorsAt + row];
      }
    }
  }

  @Override
  public void average2x2(
      float[] x, int xAt, int xPitch, float[] y, int yAt, int yPitch, int height, int width) {
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        int above = xAt + 2 * row * xPitch + 2 * column;
        int below = above + xPitch;
        y[yAt + row * yPitch + column] =
            ((x[above] + x[below]) + (x[above + 1] + x[below + 1])) / 4;
      }
    }
  }

  @Override
  public boolean copyEvery(int step, float[] x, int xAt, float[] y, int yAt, int count) {
    boolean finite = true;
    for (int i = 0; i < count; i++) {
      y[yAt + i] = x[xAt + step * i];
      finite &= Float.isFinite(y[yAt + i]);
    }
    return finite;
  }

  static float normalized(Normalization normalization, int row, float value) {
    return normalization == null
        ? value
        : normalization
            .nonlinearity()
            .of(normalization.scale()[row] * value + normalization.shift()[row]);
  }
}
