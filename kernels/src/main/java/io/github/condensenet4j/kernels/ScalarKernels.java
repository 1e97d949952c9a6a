package io.github.condensenet4j.kernels;

import java.util.Arrays;

/**
 * The operations as plain loops: what the formulas say, to be read and to be compared with.
 *
 * <p>Sums run in the order of the vectors, each product is added with one rounding: so the bits are
 * those of {@link SimdKernels}.
 */
final class ScalarKernels implements Kernels {

  /** How many sums a mean is added up in: the lanes of the widest vector. */
  static final int SUMS = 16;

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
        Arrays.fill(y, out, out + columns, weights.bias()[row]);
      }
      for (int k = 0; k < weights.depth(); k++) {
        float weight = weights.values()[weights.indexOf(row) + k * weights.step(row)];
        int in = xAt + product.shift(group) + product.inputs()[product.inputsAt(group) + k];
        if (weights.inputs() == null) {
          add(weight, x, in, y, out, columns);
        } else {
          int input = group * weights.depth() + k;
          addNormalized(weight, weights.inputs(), input, x, in, y, out, columns);
        }
      }
      if (!product.accumulates()) {
        finish(weights.outputs(), y, out, columns, mask, maskAt);
      }
    }
  }

  private static void add(float weight, float[] x, int in, float[] y, int out, int columns) {
    for (int i = 0; i < columns; i++) {
      y[out + i] = Math.fma(weight, x[in + i], y[out + i]);
    }
  }

  private static void addNormalized(
      float weight,
      Normalization normalization,
      int input,
      float[] x,
      int in,
      float[] y,
      int out,
      int columns) {
    float scale = normalization.scale()[input];
    float shift = normalization.shift()[input];
    Nonlinearity nonlinearity = normalization.nonlinearity();
    for (int i = 0; i < columns; i++) {
      float value = nonlinearity.of(Math.fma(scale, x[in + i], shift));
      y[out + i] = Math.fma(weight, value, y[out + i]);
    }
  }

  private static void finish(
      Nonlinearity nonlinearity, float[] y, int out, int columns, float[] mask, int maskAt) {
    if (mask == null && nonlinearity == Nonlinearity.NONE) {
      return;
    }
    for (int i = 0; i < columns; i++) {
      y[out + i] = nonlinearity.of(y[out + i]) * (mask == null ? 1 : mask[maskAt + i]);
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
        float weight = weights.values()[weights.indexOf(row) + k * weights.step(row)];
        sum = Math.fma(weight, x[xAt + inputs[k]], sum);
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
      int at = xAt + row * stride;
      int whole = columns / SUMS * SUMS;
      float sum = sum(0, 1, normalization, row, x, at, whole, mask, maskAt);
      sum = sumEvery(1, sum, normalization, row, x, at, whole, columns, mask, maskAt);
      y[yAt + row * yStep] = factor * sum;
    }
  }

  /**
   * Adds every {@code step}-th number from {@code first} on: sixteen sums of every sixteenth, added
   * in pairs, the first to the ninth and so on.
   */
  private static float sum(
      int first,
      int step,
      Normalization normalization,
      int row,
      float[] x,
      int at,
      int end,
      float[] mask,
      int maskAt) {
    return step == SUMS
        ? sumEvery(SUMS, 0, normalization, row, x, at, first, end, mask, maskAt)
        : sum(first, 2 * step, normalization, row, x, at, end, mask, maskAt)
            + sum(first + step, 2 * step, normalization, row, x, at, end, mask, maskAt);
  }

  private static float sumEvery(
      int step,
      float start,
      Normalization normalization,
      int row,
      float[] x,
      int at,
      int from,
      int end,
      float[] mask,
      int maskAt) {
    float sum = start;
    for (int i = from; i < end; i += step) {
      sum = Math.fma(normalized(normalization, row, x[at + i]), mask[maskAt + i], sum);
    }
    return sum;
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
            .of(Math.fma(normalization.scale()[row], value, normalization.shift()[row]));
  }
}
