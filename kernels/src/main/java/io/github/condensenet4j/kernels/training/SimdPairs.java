package io.github.condensenet4j.kernels.training;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link TrainingKernels#poolPairs}, {@link TrainingKernels#spreadPairs} and {@link
 * TrainingKernels#splitPairs}: a vector of squares is two vectors of pixels a row. The last vector
 * of a row ends with it; squares of rows that hold no whole vector of them are done one by one.
 */
final class SimdPairs {

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();
  private static final int HALF = LANES / 2;

  private static final VectorShuffle<Float> EVEN_THEN_ODD =
      VectorShuffle.fromOp(SPECIES, i -> i < HALF ? 2 * i : 2 * (i - HALF) + 1);
  private static final VectorShuffle<Float> SWAP_HALVES =
      VectorShuffle.fromOp(SPECIES, i -> (i + HALF) % LANES);
  private static final VectorShuffle<Float> LOWER_TWICE = VectorShuffle.fromOp(SPECIES, i -> i / 2);
  private static final VectorShuffle<Float> UPPER_TWICE =
      VectorShuffle.fromOp(SPECIES, i -> HALF + i / 2);
  private static final VectorMask<Float> UPPER_HALF = upperHalf();

  private SimdPairs() {}

  private static VectorMask<Float> upperHalf() {
    boolean[] lanes = new boolean[LANES];
    for (int i = HALF; i < LANES; i++) {
      lanes[i] = true;
    }
    return VectorMask.fromArray(SPECIES, lanes, 0);
  }

  static void pool(float[] x, int xAt, int width, int height, float[] y, int yAt) {
    int across = width / 2;
    for (int row = 0; row < height / 2; row++) {
      int upper = xAt + 2 * row * width;
      int to = yAt + row * across;
      if (across < LANES) {
        ScalarTrainingKernels.poolRows(x, upper, upper + width, across, y, to);
      } else {
        int last = across - LANES;
        for (int i = 0; i < last; i += LANES) {
          pool(x, upper + 2 * i, upper + width + 2 * i, y, to + i);
        }
        pool(x, upper + 2 * last, upper + width + 2 * last, y, to + last);
      }
    }
  }

  private static void pool(float[] x, int upper, int lower, float[] y, int to) {
    FloatVector left =
        FloatVector.fromArray(SPECIES, x, upper)
            .add(FloatVector.fromArray(SPECIES, x, lower))
            .rearrange(EVEN_THEN_ODD);
    FloatVector right =
        FloatVector.fromArray(SPECIES, x, upper + LANES)
            .add(FloatVector.fromArray(SPECIES, x, lower + LANES))
            .rearrange(EVEN_THEN_ODD);
    FloatVector even = left.blend(right.rearrange(SWAP_HALVES), UPPER_HALF);
    FloatVector odd = left.rearrange(SWAP_HALVES).blend(right, UPPER_HALF);
    even.add(odd).mul(0.25f).intoArray(y, to);
  }

  static void spread(float[] y, int yAt, float[] x, int xAt, int width, int height) {
    int across = width / 2;
    for (int row = 0; row + 1 < height; row += 2) {
      int upper = xAt + row * width;
      int from = yAt + row / 2 * across;
      if (across < LANES) {
        ScalarTrainingKernels.spreadRows(y, from, across, x, upper, upper + width);
      } else {
        int last = across - LANES;
        for (int i = 0; i < last; i += LANES) {
          spread(y, from + i, x, upper + 2 * i, upper + width + 2 * i);
        }
        spread(y, from + last, x, upper + 2 * last, upper + width + 2 * last);
      }
      ScalarTrainingKernels.clearLastColumn(x, upper, width);
    }
    ScalarTrainingKernels.clearLastRow(x, xAt, width, height);
  }

  private static void spread(float[] y, int from, float[] x, int upper, int lower) {
    FloatVector shares = FloatVector.fromArray(SPECIES, y, from).mul(0.25f);
    FloatVector left = shares.rearrange(LOWER_TWICE);
    FloatVector right = shares.rearrange(UPPER_TWICE);
    left.intoArray(x, upper);
    right.intoArray(x, upper + LANES);
    left.intoArray(x, lower);
    right.intoArray(x, lower + LANES);
  }

  static void split(float[] x, int xAt, int pairs, float[] y, int evenAt, int oddAt) {
    if (pairs < LANES) {
      ScalarTrainingKernels.splitRow(x, xAt, pairs, y, evenAt, oddAt);
      return;
    }
    int last = pairs - LANES;
    for (int i = 0; i < last; i += LANES) {
      split(x, xAt + 2 * i, y, evenAt + i, oddAt + i);
    }
    split(x, xAt + 2 * last, y, evenAt + last, oddAt + last);
  }

  private static void split(float[] x, int from, float[] y, int evenAt, int oddAt) {
    FloatVector left = FloatVector.fromArray(SPECIES, x, from).rearrange(EVEN_THEN_ODD);
    FloatVector right = FloatVector.fromArray(SPECIES, x, from + LANES).rearrange(EVEN_THEN_ODD);
    left.blend(right.rearrange(SWAP_HALVES), UPPER_HALF).intoArray(y, evenAt);
    left.rearrange(SWAP_HALVES).blend(right, UPPER_HALF).intoArray(y, oddAt);
  }
}
