package io.github.condensenet4j.layers.arithmetic;

/**
 * The innermost loops on {@code float[]}, written so that the just-in-time compiler turns them into
 * vector instructions.
 *
 * <p>It does so where all arrays of a loop are read and written at the same index and no value is
 * carried from one turn to the next. Choices are therefore written as minimum and maximum; sums are
 * taken by {@link Sums}.
 */
final class Loops {

  private Loops() {}

  /** {@code y[j] = wa·a[j] + wb·b[j] + wc·c[j] + wd·d[j]}. */
  static void product4(
      float[] y,
      float[] a,
      float[] b,
      float[] c,
      float[] d,
      float wa,
      float wb,
      float wc,
      float wd,
      int from,
      int to) {
    for (int j = from; j < to; j++) {
      y[j] = wa * a[j] + wb * b[j] + wc * c[j] + wd * d[j];
    }
  }

  /** {@code y[j] = y[j] + wa·a[j] + wb·b[j] + wc·c[j] + wd·d[j]}. */
  static void addProduct4(
      float[] y,
      float[] a,
      float[] b,
      float[] c,
      float[] d,
      float wa,
      float wb,
      float wc,
      float wd,
      int from,
      int to) {
    for (int j = from; j < to; j++) {
      y[j] += wa * a[j] + wb * b[j] + wc * c[j] + wd * d[j];
    }
  }

  /** {@code y[j] = (x[j] − mean) · scale + bias}. */
  static void normalize(float[] y, float[] x, float mean, float scale, float bias, int n) {
    for (int j = 0; j < n; j++) {
      y[j] = (x[j] - mean) * scale + bias;
    }
  }

  /** {@code y[j] = max(z, 0)} with {@code z = (x[j] − mean) · scale + bias}. */
  static void normalizeRelu(float[] y, float[] x, float mean, float scale, float bias, int n) {
    for (int j = 0; j < n; j++) {
      y[j] = Math.max((x[j] - mean) * scale + bias, 0f);
    }
  }

  /** {@code y[j] = z · relu6(z + 3) / 6} with {@code z = (x[j] − mean) · scale + bias}. */
  static void normalizeHardSwish(float[] y, float[] x, float mean, float scale, float bias, int n) {
    for (int j = 0; j < n; j++) {
      float z = (x[j] - mean) * scale + bias;
      y[j] = z * Math.min(Math.max(z + 3f, 0f), 6f) * (1 / 6f);
    }
  }

  /** {@code dz[j] = dy[j] · [z > 0]}. */
  static void reluBackward(
      float[] dz, float[] dy, float[] x, float mean, float scale, float bias, int n) {
    for (int j = 0; j < n; j++) {
      float z = (x[j] - mean) * scale + bias;
      dz[j] = dy[j] * Math.min(Math.max(z * Float.MAX_VALUE, 0f), 1f);
    }
  }

  /** {@code dz[j] = dy[j] · (relu6(t) + z · [0 < t < 6]) / 6} with {@code t = z + 3}. */
  static void hardSwishBackward(
      float[] dz, float[] dy, float[] x, float mean, float scale, float bias, int n) {
    for (int j = 0; j < n; j++) {
      float z = (x[j] - mean) * scale + bias;
      float t = z + 3f;
      float above = Math.min(Math.max(t * Float.MAX_VALUE, 0f), 1f);
      float below = Math.min(Math.max((6f - t) * Float.MAX_VALUE, 0f), 1f);
      dz[j] = dy[j] * (Math.min(Math.max(t, 0f), 6f) + z * above * below) * (1 / 6f);
    }
  }

  /** {@code dx[j] = a · dz[j]}. */
  static void scale(float[] dx, float[] dz, float a, int n) {
    for (int j = 0; j < n; j++) {
      dx[j] = a * dz[j];
    }
  }

  /** {@code dx[j] = dx[j] + a · dz[j]}. */
  static void addScaled(float[] dx, float[] dz, float a, int n) {
    for (int j = 0; j < n; j++) {
      dx[j] += a * dz[j];
    }
  }

  /** {@code dx[j] = dx[j] + b · (x[j] − mean) + c}. */
  static void addCentred(float[] dx, float[] x, float mean, float b, float c, int n) {
    for (int j = 0; j < n; j++) {
      dx[j] += b * (x[j] - mean) + c;
    }
  }
}
