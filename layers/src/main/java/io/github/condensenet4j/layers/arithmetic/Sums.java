package io.github.condensenet4j.layers.arithmetic;

import java.util.Arrays;

/**
 * Sums over rows, for one thread.
 *
 * <p>The just-in-time compiler does not vectorise a loop that carries a sum, nor one that reads an
 * array at more than two distances. So a block of {@value #BLOCK} numbers is first added half to
 * half into {@link #lanes}, which are then halved until few are left. Blocks that do not begin an
 * array, and shorter ones, are copied to where one begins. Trip counts are fields, not constants:
 * loops of a small constant length are unrolled instead of vectorised.
 */
final class Sums {

  static final int BLOCK = 1024;
  private static final int HALF = BLOCK / 2;

  private final float[] lanes = new float[HALF];
  private final float[] first = new float[BLOCK];
  private final float[] second = new float[BLOCK];
  private int half = HALF;
  private int quarter = HALF / 2;
  private int eighth = HALF / 4;
  private int sixteenth = HALF / 8;

  /** Returns {@code Σ x[j]} for {@code j < n}. */
  double sum(float[] x, int n) {
    double sum = 0;
    for (int from = 0; from < n; from += BLOCK) {
      addHalves(lanes, block(x, from, n, 0, first), half);
      sum += total();
    }
    return sum;
  }

  private static void addHalves(float[] lanes, float[] x, int count) {
    for (int l = 0; l < count; l++) {
      lanes[l] = x[l] + x[l + HALF];
    }
  }

  /** Returns {@code Σ (x[j] − mean)²} for {@code j < n}. */
  double squares(float[] x, float mean, int n) {
    double sum = 0;
    for (int from = 0; from < n; from += BLOCK) {
      squareHalves(lanes, block(x, from, n, mean, first), mean, half);
      sum += total();
    }
    return sum;
  }

  private static void squareHalves(float[] lanes, float[] x, float mean, int count) {
    for (int l = 0; l < count; l++) {
      float a = x[l] - mean;
      float b = x[l + HALF] - mean;
      lanes[l] = a * a + b * b;
    }
  }

  /** Returns {@code Σ x[j] · y[j]} for {@code j < n}. */
  double dot(float[] x, float[] y, int n) {
    double sum = 0;
    for (int from = 0; from < n; from += BLOCK) {
      multiplyHalves(lanes, block(x, from, n, 0, first), block(y, from, n, 0, second), half);
      sum += total();
    }
    return sum;
  }

  private static void multiplyHalves(float[] lanes, float[] x, float[] y, int count) {
    for (int l = 0; l < count; l++) {
      lanes[l] = x[l] * y[l] + x[l + HALF] * y[l + HALF];
    }
  }

  /** Returns {@code Σ d[j] · (x[j] − mean)} for {@code j < n}. */
  double centredDot(float[] d, float[] x, float mean, int n) {
    double sum = 0;
    for (int from = 0; from < n; from += BLOCK) {
      multiplyCentredHalves(
          lanes, block(d, from, n, 0, first), block(x, from, n, mean, second), mean, half);
      sum += total();
    }
    return sum;
  }

  private static void multiplyCentredHalves(
      float[] lanes, float[] d, float[] x, float mean, int count) {
    for (int l = 0; l < count; l++) {
      lanes[l] = d[l] * (x[l] - mean) + d[l + HALF] * (x[l + HALF] - mean);
    }
  }

  /** Returns an array that begins with {@code x[from], …}, filled up with {@code rest}. */
  private static float[] block(float[] x, int from, int n, float rest, float[] copy) {
    if (from == 0 && n >= BLOCK) {
      return x;
    }
    int count = Math.min(BLOCK, n - from);
    System.arraycopy(x, from, copy, 0, count);
    Arrays.fill(copy, count, BLOCK, rest);
    return copy;
  }

  private double total() {
    fold256(lanes, quarter);
    fold128(lanes, eighth);
    fold64(lanes, sixteenth);
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    for (int l = 0; l < 64; l += 4) {
      a += lanes[l];
      b += lanes[l + 1];
      c += lanes[l + 2];
      d += lanes[l + 3];
    }
    return ((double) a + b) + ((double) c + d);
  }

  private static void fold256(float[] lanes, int count) {
    for (int l = 0; l < count; l++) {
      lanes[l] += lanes[l + 256];
    }
  }

  private static void fold128(float[] lanes, int count) {
    for (int l = 0; l < count; l++) {
      lanes[l] += lanes[l + 128];
    }
  }

  private static void fold64(float[] lanes, int count) {
    for (int l = 0; l < count; l++) {
      lanes[l] += lanes[l + 64];
    }
  }
}
