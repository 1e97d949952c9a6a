package io.github.condensenet4j.kernels.training;

import static io.github.condensenet4j.kernels.training.SimdColumns.LANES;
import static io.github.condensenet4j.kernels.training.SimdColumns.PAIR;
import static io.github.condensenet4j.kernels.training.SimdColumns.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * {@link TrainingKernels#imageSums}, {@link TrainingKernels#imageProducts}, {@link
 * TrainingKernels#scaleImages} and {@link TrainingKernels#unframe}. Lanes are added up by halves,
 * in an order that is always the same, which that of {@link FloatVector#reduceLanes} is not.
 */
final class SimdImages {

  private static final VectorShuffle<Float> HALF = turnedBy(LANES / 2);
  private static final VectorShuffle<Float> QUARTER = turnedBy(LANES / 4);
  private static final VectorShuffle<Float> EIGHTH = turnedBy(LANES / 8);
  private static final VectorShuffle<Float> SIXTEENTH = turnedBy(LANES / 16);

  private SimdImages() {}

  private static VectorShuffle<Float> turnedBy(int lanes) {
    return VectorShuffle.fromOp(SPECIES, i -> (i + lanes) % LANES);
  }

  static void sums(float[] x, int xAt, int pixels, int images, float[] y, int yAt) {
    int pairs = SimdColumns.pairs(pixels);
    int whole = SimdColumns.whole(pixels);
    int at = xAt;
    for (int n = 0; n < images; n++) {
      float total = 0;
      if (whole > 0) {
        FloatVector sum0 = FloatVector.zero(SPECIES);
        FloatVector sum1 = sum0;
        for (int i = 0; i < pairs; i += PAIR) {
          sum0 = sum0.add(FloatVector.fromArray(SPECIES, x, at + i));
          sum1 = sum1.add(FloatVector.fromArray(SPECIES, x, at + i + LANES));
        }
        if (pairs < whole) {
          sum0 = sum0.add(FloatVector.fromArray(SPECIES, x, at + pairs));
        }
        sum0 = sum0.add(sum1);
        sum0 = sum0.add(sum0.rearrange(HALF));
        if (LANES > 2) {
          sum0 = sum0.add(sum0.rearrange(QUARTER));
        }
        if (LANES > 4) {
          sum0 = sum0.add(sum0.rearrange(EIGHTH));
        }
        if (LANES > 8) {
          sum0 = sum0.add(sum0.rearrange(SIXTEENTH));
        }
        total = sum0.lane(0);
      }
      for (int i = whole; i < pixels; i++) {
        total += x[at + i];
      }
      y[yAt + n] = total;
      at += pixels;
    }
  }

  static void products(
      float[] x, int xAt, float[] z, int zAt, int pixels, int images, float[] y, int yAt) {
    int pairs = SimdColumns.pairs(pixels);
    int whole = SimdColumns.whole(pixels);
    int at = xAt;
    int other = zAt;
    for (int n = 0; n < images; n++) {
      float total = 0;
      if (whole > 0) {
        FloatVector sum0 = FloatVector.zero(SPECIES);
        FloatVector sum1 = sum0;
        for (int i = 0; i < pairs; i += PAIR) {
          FloatVector x0 = FloatVector.fromArray(SPECIES, x, at + i);
          FloatVector x1 = FloatVector.fromArray(SPECIES, x, at + i + LANES);
          sum0 = x0.fma(FloatVector.fromArray(SPECIES, z, other + i), sum0);
          sum1 = x1.fma(FloatVector.fromArray(SPECIES, z, other + i + LANES), sum1);
        }
        if (pairs < whole) {
          FloatVector x0 = FloatVector.fromArray(SPECIES, x, at + pairs);
          sum0 = x0.fma(FloatVector.fromArray(SPECIES, z, other + pairs), sum0);
        }
        sum0 = sum0.add(sum1);
        sum0 = sum0.add(sum0.rearrange(HALF));
        if (LANES > 2) {
          sum0 = sum0.add(sum0.rearrange(QUARTER));
        }
        if (LANES > 4) {
          sum0 = sum0.add(sum0.rearrange(EIGHTH));
        }
        if (LANES > 8) {
          sum0 = sum0.add(sum0.rearrange(SIXTEENTH));
        }
        total = sum0.lane(0);
      }
      for (int i = whole; i < pixels; i++) {
        total += x[at + i] * z[other + i];
      }
      y[yAt + n] = total;
      at += pixels;
      other += pixels;
    }
  }

  static void scale(
      float[] x,
      int xAt,
      float[] factors,
      int factorsAt,
      float[] terms,
      int termsAt,
      int pixels,
      int images,
      float[] y,
      int yAt) {
    int whole = SimdColumns.whole(pixels);
    int at = xAt;
    int to = yAt;
    for (int n = 0; n < images; n++) {
      float factor = factors[factorsAt + n];
      float term = terms == null ? 0 : terms[termsAt + n];
      FloatVector allFactor = FloatVector.broadcast(SPECIES, factor);
      FloatVector allTerm = FloatVector.broadcast(SPECIES, term);
      for (int i = 0; i < whole; i += LANES) {
        FloatVector.fromArray(SPECIES, x, at + i).fma(allFactor, allTerm).intoArray(y, to + i);
      }
      for (int i = whole; i < pixels; i++) {
        y[to + i] = x[at + i] * factor + term;
      }
      at += pixels;
      to += pixels;
    }
  }

  static void unframe(
      float[] x,
      int xAt,
      int width,
      int height,
      int images,
      int pitch,
      int plane,
      float[] y,
      int yAt) {
    int rows = images * height;
    int vectors = 0;
    // Narrower rows would be overwritten two at a time, wider ones are copied as fast.
    if (width < LANES && 2 * pitch >= LANES && pitch > width) {
      vectors = Math.max(0, rows - (LANES + width - 1) / width + 1);
    }
    // In place, the last vector must not reach the rows behind it, from which on it is shorter
    // ones.
    if (vectors > LANES) {
      copyNarrow(x, xAt, width, height, vectors, pitch, plane, y, yAt);
    } else {
      vectors = 0;
    }
    ScalarTrainingKernels.takeOut(x, xAt, width, height, vectors, rows, pitch, plane, y, yAt);
  }

  /**
   * Copies rows of pixels as whole vectors, of which the next row overwrites what is too much. In
   * place that may hit the next row of the frame too, so this is read before.
   */
  private static void copyNarrow(
      float[] x,
      int xAt,
      int width,
      int height,
      int rows,
      int pitch,
      int plane,
      float[] y,
      int yAt) {
    int image = xAt;
    int source = xAt;
    int row = 0;
    int to = yAt;
    FloatVector pixels = FloatVector.fromArray(SPECIES, x, source);
    for (int r = 0; r < rows; r++) {
      row++;
      if (row == height) {
        row = 0;
        image += plane;
        source = image;
      } else {
        source += pitch;
      }
      FloatVector next = FloatVector.fromArray(SPECIES, x, source);
      pixels.intoArray(y, to);
      to += width;
      pixels = next;
    }
  }
}
