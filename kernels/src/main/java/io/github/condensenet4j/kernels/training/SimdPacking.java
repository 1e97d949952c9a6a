package io.github.condensenet4j.kernels.training;

import static io.github.condensenet4j.kernels.training.SimdColumns.LANES;
import static io.github.condensenet4j.kernels.training.SimdColumns.PAIR;
import static io.github.condensenet4j.kernels.training.SimdColumns.PANEL;
import static io.github.condensenet4j.kernels.training.SimdColumns.PANEL_BITS;
import static io.github.condensenet4j.kernels.training.SimdColumns.SPECIES;
import static io.github.condensenet4j.kernels.training.SimdColumns.all;
import static io.github.condensenet4j.kernels.training.SimdColumns.at;
import static io.github.condensenet4j.kernels.training.SimdColumns.load;
import static io.github.condensenet4j.kernels.training.SimdColumns.pairs;
import static io.github.condensenet4j.kernels.training.SimdColumns.whole;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * {@link TrainingKernels#pack} and {@link TrainingKernels#packImage}: a row, an image by itself.
 */
final class SimdPacking {

  /** Bits of 6.0f: the order of non-negative floats is that of their bits. */
  private static final int SIX = Float.floatToRawIntBits(6f);

  static final float SIXTH = 1f / 6;

  private SimdPacking() {}

  // Comparing bits is one instruction where comparing floats, with their zeros and not-a-numbers,
  // is a handful.

  /**
   * Returns the floor at which {@link #clip} is {@code f}. Bits of numbers below 0 are integers
   * below 0, so 0 makes a rectifier; the least integer changes nothing.
   */
  static int floor(Activation f) {
    return switch (f) {
      case IDENTITY -> Integer.MIN_VALUE;
      case RELU -> 0;
      case HARD_SWISH -> throw new IllegalArgumentException("not a clipping: " + f);
    };
  }

  static FloatVector clip(FloatVector z, int floor) {
    return z.reinterpretAsInts().max(floor).reinterpretAsFloats();
  }

  static FloatVector relu6(FloatVector z) {
    return z.reinterpretAsInts().max(0).min(SIX).reinterpretAsFloats();
  }

  /** {@link TrainingKernels#pack}. */
  static void pack(
      Activation f,
      float mean,
      float scale,
      float bias,
      float[] x,
      int xAt,
      int columns,
      float[] y,
      int yAt,
      int step) {
    switch (f) {
      case IDENTITY, RELU ->
          packClipped(floor(f), mean, scale, bias, x, xAt, columns, y, yAt, step);
      case HARD_SWISH -> packHardSwish(mean, scale, bias, x, xAt, columns, y, yAt, step);
    }
    if ((columns & (PANEL - 1)) != 0) {
      packTail(f, mean, scale, bias, x, xAt, columns, y, yAt, step);
    }
  }

  /** Packs what is left behind the last whole vector, and zeros to the end of the panel. */
  static void packTail(
      Activation f,
      float mean,
      float scale,
      float bias,
      float[] x,
      int xAt,
      int columns,
      float[] y,
      int yAt,
      int step) {
    for (int i = whole(columns); i < columns; i++) {
      y[at(yAt, step, i)] = f.of((x[xAt + i] - mean) * scale + bias);
    }
    int end = at(yAt, step, columns);
    Arrays.fill(y, end, end + PANEL - (columns & (PANEL - 1)), 0);
  }

  // Loops take some vectors a turn, which lie in one piece of a panel: that is half the
  // instructions of one vector a turn, and more loads are under way while memory is waited for.

  /**
   * Packs whole vectors. Written out: of methods with more than 325 bytes of code the compiler
   * makes a program of its own. Put into their callers together, these loops exceed what it looks
   * at, and it leaves vectors on the heap.
   */
  private static void packClipped(
      int floor,
      float mean,
      float scale,
      float bias,
      float[] x,
      int xAt,
      int columns,
      float[] y,
      int yAt,
      int step) {
    FloatVector m = FloatVector.broadcast(SPECIES, mean);
    FloatVector s = FloatVector.broadcast(SPECIES, scale);
    FloatVector b = FloatVector.broadcast(SPECIES, bias);
    int panels = columns & -PANEL;
    for (int i = 0; i < panels; i += PANEL) {
      int from = xAt + i;
      FloatVector z0 = FloatVector.fromArray(SPECIES, x, from).sub(m).fma(s, b);
      FloatVector z1 = FloatVector.fromArray(SPECIES, x, from + LANES).sub(m).fma(s, b);
      FloatVector z2 = FloatVector.fromArray(SPECIES, x, from + 2 * LANES).sub(m).fma(s, b);
      FloatVector z3 = FloatVector.fromArray(SPECIES, x, from + 3 * LANES).sub(m).fma(s, b);
      int to = yAt + (i >> PANEL_BITS) * step;
      z0.reinterpretAsInts().max(floor).reinterpretAsFloats().intoArray(y, to);
      z1.reinterpretAsInts().max(floor).reinterpretAsFloats().intoArray(y, to + LANES);
      z2.reinterpretAsInts().max(floor).reinterpretAsFloats().intoArray(y, to + 2 * LANES);
      z3.reinterpretAsInts().max(floor).reinterpretAsFloats().intoArray(y, to + 3 * LANES);
    }
    int last = yAt + (panels >> PANEL_BITS) * step - panels;
    for (int i = panels; i < whole(columns); i += LANES) {
      FloatVector z = FloatVector.fromArray(SPECIES, x, xAt + i).sub(m).fma(s, b);
      z.reinterpretAsInts().max(floor).reinterpretAsFloats().intoArray(y, last + i);
    }
  }

  private static void packHardSwish(
      float mean,
      float scale,
      float bias,
      float[] x,
      int xAt,
      int columns,
      float[] y,
      int yAt,
      int step) {
    FloatVector m = all(mean);
    FloatVector s = all(scale);
    FloatVector b = all(bias);
    FloatVector sixth = all(SIXTH);
    int pairs = columns & -PAIR;
    for (int i = 0; i < pairs; i += PAIR) {
      int from = xAt + i;
      int to = at(yAt, step, i);
      swish(m, s, b, sixth, x, from, y, to);
      swish(m, s, b, sixth, x, from + LANES, y, to + LANES);
    }
    if (pairs < whole(columns)) {
      swish(m, s, b, sixth, x, xAt + pairs, y, at(yAt, step, pairs));
    }
  }

  private static void swish(
      FloatVector m,
      FloatVector s,
      FloatVector b,
      FloatVector sixth,
      float[] x,
      int from,
      float[] y,
      int to) {
    FloatVector z = load(x, from).sub(m).fma(s, b);
    z.mul(relu6(z.add(3f))).mul(sixth).intoArray(y, to);
  }

  /** {@link TrainingKernels#packImage}; written out for the reason given above. */
  static void packImage(
      Activation f,
      float mean,
      float scale,
      float bias,
      float[] x,
      int xAt,
      int width,
      int height,
      float[] y,
      int yAt,
      int pitch) {
    int safe = safeRows(x, xAt, width, height);
    // The last vector of a row ends with it and computes some numbers again; that of a row shorter
    // than a vector reaches beyond it, where the next row is written afterwards.
    int last = Math.max(0, width - LANES);
    FloatVector m = FloatVector.broadcast(SPECIES, mean);
    FloatVector s = FloatVector.broadcast(SPECIES, scale);
    FloatVector b = FloatVector.broadcast(SPECIES, bias);
    if (f == Activation.HARD_SWISH) {
      FloatVector sixth = FloatVector.broadcast(SPECIES, SIXTH);
      for (int row = 0; row < safe; row++) {
        int from = xAt + row * width;
        int to = yAt + row * pitch;
        for (int i = 0; i < width; i += LANES) {
          int at = Math.min(i, last);
          FloatVector z = FloatVector.fromArray(SPECIES, x, from + at).sub(m).fma(s, b);
          z.mul(relu6(z.add(3f))).mul(sixth).intoArray(y, to + at);
        }
        for (int i = to + width; i < to + pitch; i++) {
          y[i] = 0;
        }
      }
    } else {
      int floor = floor(f);
      for (int row = 0; row < safe; row++) {
        int from = xAt + row * width;
        int to = yAt + row * pitch;
        for (int i = 0; i < width; i += LANES) {
          int at = Math.min(i, last);
          FloatVector z = FloatVector.fromArray(SPECIES, x, from + at).sub(m).fma(s, b);
          z.reinterpretAsInts().max(floor).reinterpretAsFloats().intoArray(y, to + at);
        }
        for (int i = to + width; i < to + pitch; i++) {
          y[i] = 0;
        }
      }
    }
    int behind = yAt + safe * pitch;
    for (int i = behind; i < behind + LANES - pitch; i++) {
      y[i] = 0;
    }
    ScalarTrainingKernels.packPixels(
        f,
        mean,
        scale,
        bias,
        x,
        xAt + safe * width,
        width,
        height - safe,
        y,
        yAt + safe * pitch,
        pitch);
  }

  /** Returns how many of {@code height} rows of pixels whole vectors can read. */
  static int safeRows(float[] x, int xAt, int width, int height) {
    int left = x.length - xAt - Math.max(LANES, width);
    return left < 0 ? 0 : Math.min(height, left / width + 1);
  }
}
