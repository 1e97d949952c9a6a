package io.github.condensenet4j.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link Kernels#means}, four rows at a time. */
final class SimdMeans {

  private static final VectorSpecies<Float> SPECIES = SimdVectors.SPECIES;
  private static final int LANES = SimdVectors.LANES;

  /** A place for the lanes of a sum, one for each thread. */
  private static final ThreadLocal<float[]> SUM = ThreadLocal.withInitial(() -> new float[LANES]);

  private SimdMeans() {}

  /** Returns the calling thread's place for the lanes of a sum. */
  static float[] place() {
    return SUM.get();
  }

  /**
   * Averages four rows, or the last one several times where there are fewer.
   *
   * @param lanes the thread's {@link #place}
   */
  static void ofFour(
      Normalization normalization,
      int row,
      int last,
      float[] x,
      int xAt,
      int stride,
      int columns,
      float[] mask,
      int maskAt,
      float factor,
      float[] y,
      int yAt,
      int yStep,
      float[] lanes) {
    int row1 = Math.min(last, row + 1);
    int row2 = Math.min(last, row + 2);
    int row3 = Math.min(last, row + 3);
    boolean relu = normalization != null && normalization.nonlinearity() == Nonlinearity.RELU;
    // Bits of a float below which nothing may be: 0, or nothing.
    int least = relu ? 0 : Integer.MIN_VALUE;
    FloatVector scale0 = scale(normalization, row);
    FloatVector scale1 = scale(normalization, row1);
    FloatVector scale2 = scale(normalization, row2);
    FloatVector scale3 = scale(normalization, row3);
    FloatVector shift0 = shift(normalization, row);
    FloatVector shift1 = shift(normalization, row1);
    FloatVector shift2 = shift(normalization, row2);
    FloatVector shift3 = shift(normalization, row3);
    FloatVector sum0 = FloatVector.zero(SPECIES);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    int whole = columns / LANES * LANES;
    for (int i = 0; i < whole; i += LANES) {
      FloatVector passes = FloatVector.fromArray(SPECIES, mask, maskAt + i);
      FloatVector x0 = FloatVector.fromArray(SPECIES, x, xAt + row * stride + i);
      FloatVector x1 = FloatVector.fromArray(SPECIES, x, xAt + row1 * stride + i);
      FloatVector x2 = FloatVector.fromArray(SPECIES, x, xAt + row2 * stride + i);
      FloatVector x3 = FloatVector.fromArray(SPECIES, x, xAt + row3 * stride + i);
      sum0 = atLeast(x0.fma(scale0, shift0), least).fma(passes, sum0);
      sum1 = atLeast(x1.fma(scale1, shift1), least).fma(passes, sum1);
      sum2 = atLeast(x2.fma(scale2, shift2), least).fma(passes, sum2);
      sum3 = atLeast(x3.fma(scale3, shift3), least).fma(passes, sum3);
    }
    float total0 = total(sum0, lanes);
    float total1 = total(sum1, lanes);
    float total2 = total(sum2, lanes);
    float total3 = total(sum3, lanes);
    for (int i = whole; i < columns; i++) {
      float passes = mask[maskAt + i];
      total0 += passes * ScalarKernels.normalized(normalization, row, x[xAt + row * stride + i]);
      total1 += passes * ScalarKernels.normalized(normalization, row1, x[xAt + row1 * stride + i]);
      total2 += passes * ScalarKernels.normalized(normalization, row2, x[xAt + row2 * stride + i]);
      total3 += passes * ScalarKernels.normalized(normalization, row3, x[xAt + row3 * stride + i]);
    }
    y[yAt + row * yStep] = factor * total0;
    y[yAt + row1 * yStep] = factor * total1;
    y[yAt + row2 * yStep] = factor * total2;
    y[yAt + row3 * yStep] = factor * total3;
  }

  /**
   * Adds the lanes, always in the same order. {@code reduceLanes} has none: compiled it adds in
   * another one than interpreted, and the same image would get other bits once the compiler is
   * done.
   */
  private static float total(FloatVector sum, float[] lanes) {
    sum.intoArray(lanes, 0);
    for (int half = LANES / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        lanes[i] += lanes[i + half];
      }
    }
    return lanes[0];
  }

  private static FloatVector scale(Normalization normalization, int row) {
    return FloatVector.broadcast(SPECIES, normalization == null ? 1 : normalization.scale()[row]);
  }

  private static FloatVector shift(Normalization normalization, int row) {
    return FloatVector.broadcast(SPECIES, normalization == null ? 0 : normalization.shift()[row]);
  }

  private static FloatVector atLeast(FloatVector value, int bits) {
    return value.reinterpretAsInts().max(bits).reinterpretAsFloats();
  }
}
