package io.github.condensenet4j.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link Kernels#means}, four rows at a time. */
final class SimdMeans {

  private static final VectorSpecies<Float> SPECIES = SimdVectors.SPECIES;
  private static final int LANES = SimdVectors.LANES;

  /** Every mean is added up in as many sums, however wide the vectors are. */
  private static final int SUMS = ScalarKernels.SUMS;

  /** A place for the sums of four rows, one for each thread. */
  private static final ThreadLocal<float[]> PLACE =
      ThreadLocal.withInitial(() -> new float[4 * SUMS]);

  private SimdMeans() {}

  /** Returns the calling thread's place for sums. */
  static float[] place() {
    return PLACE.get();
  }

  /**
   * Averages four rows, or the last one several times where there are fewer.
   *
   * @param sums the thread's {@link #place}
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
      float[] sums) {
    int whole = columns / SUMS * SUMS;
    for (int part = 0; part < SUMS; part += LANES) {
      addUp(normalization, row, last, x, xAt, stride, part, whole, mask, maskAt, sums);
    }
    for (int i = 0; i < 4 && row + i <= last; i++) {
      float total = total(sums, i * SUMS);
      int at = xAt + (row + i) * stride;
      for (int column = whole; column < columns; column++) {
        float value = ScalarKernels.normalized(normalization, row + i, x[at + column]);
        total = Math.fma(value, mask[maskAt + column], total);
      }
      y[yAt + (row + i) * yStep] = factor * total;
    }
  }

  /** Adds up a vector of sums for each of four rows, those from sum {@code part} on. */
  private static void addUp(
      Normalization normalization,
      int row,
      int last,
      float[] x,
      int xAt,
      int stride,
      int part,
      int whole,
      float[] mask,
      int maskAt,
      float[] sums) {
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
    for (int i = part; i < whole; i += SUMS) {
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
    sum0.intoArray(sums, part);
    sum1.intoArray(sums, SUMS + part);
    sum2.intoArray(sums, 2 * SUMS + part);
    sum3.intoArray(sums, 3 * SUMS + part);
  }

  /**
   * Adds the sums of one row, always in the same order. {@code reduceLanes} has none: compiled it
   * adds in another one than interpreted, and the same image would get other bits once the compiler
   * is done.
   */
  private static float total(float[] sums, int at) {
    for (int half = SUMS / 2; half > 0; half /= 2) {
      for (int i = at; i < at + half; i++) {
        sums[i] += sums[i + half];
      }
    }
    return sums[at];
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
