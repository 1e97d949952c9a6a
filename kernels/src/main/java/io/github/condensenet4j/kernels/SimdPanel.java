package io.github.condensenet4j.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The inputs of a strip after normalisation, row by row in scratch. */
final class SimdPanel {

  private static final VectorSpecies<Float> SPECIES = SimdVectors.SPECIES;
  private static final int LANES = SimdVectors.LANES;

  /** Columns of the usual strip. */
  private static final int PAIR = SimdProduct.STRIP * LANES;

  /** Addresses of the rows of a panel by its width in vectors; grows with the deepest product. */
  private static final int[][] ADDRESSES = new int[SimdProduct.WIDE_STRIP + 1][0];

  private SimdPanel() {}

  /** Writes {@code depth} normalised rows of {@code width} columns side by side. */
  static void normalize(
      Normalization normalization,
      int first,
      int depth,
      float[] x,
      int xAt,
      int[] in,
      int inAt,
      float[] panel,
      int width) {
    if (width == PAIR && normalization.nonlinearity() != Nonlinearity.NONE) {
      normalizePairs(normalization, first, depth, x, xAt, in, inAt, panel);
      return;
    }
    int vectors = depth * (width / LANES);
    switch (normalization.nonlinearity()) {
      case NONE -> scaleAll(normalization, first, vectors, x, xAt, in, inAt, panel, width);
      case RELU -> reluAll(normalization, first, vectors, x, xAt, in, inAt, panel, width);
      case SIX_HARD_SWISH ->
          sixHardSwishAll(normalization, first, vectors, x, xAt, in, inAt, panel, width);
    }
  }

  // Each of these is a method of its own with one loop over all vectors, see SimdKernels.

  private static void scaleAll(
      Normalization normalization,
      int first,
      int vectors,
      float[] x,
      int xAt,
      int[] in,
      int inAt,
      float[] panel,
      int width) {
    float[] scale = normalization.scale();
    float[] shift = normalization.shift();
    int bits = Integer.numberOfTrailingZeros(width / LANES);
    for (int v = 0; v < vectors; v++) {
      int k = v >> bits;
      int at = xAt + in[inAt + k] + v * LANES - k * width;
      FloatVector factor = FloatVector.broadcast(SPECIES, scale[first + k]);
      FloatVector offset = FloatVector.broadcast(SPECIES, shift[first + k]);
      FloatVector value = FloatVector.fromArray(SPECIES, x, at).fma(factor, offset);
      value.intoArray(panel, v * LANES);
    }
  }

  private static void reluAll(
      Normalization normalization,
      int first,
      int vectors,
      float[] x,
      int xAt,
      int[] in,
      int inAt,
      float[] panel,
      int width) {
    float[] scale = normalization.scale();
    float[] shift = normalization.shift();
    int bits = Integer.numberOfTrailingZeros(width / LANES);
    for (int v = 0; v < vectors; v++) {
      int k = v >> bits;
      int at = xAt + in[inAt + k] + v * LANES - k * width;
      FloatVector factor = FloatVector.broadcast(SPECIES, scale[first + k]);
      FloatVector offset = FloatVector.broadcast(SPECIES, shift[first + k]);
      FloatVector value = FloatVector.fromArray(SPECIES, x, at).fma(factor, offset);
      SimdVectors.relu(value).intoArray(panel, v * LANES);
    }
  }

  private static void sixHardSwishAll(
      Normalization normalization,
      int first,
      int vectors,
      float[] x,
      int xAt,
      int[] in,
      int inAt,
      float[] panel,
      int width) {
    float[] scale = normalization.scale();
    float[] shift = normalization.shift();
    int bits = Integer.numberOfTrailingZeros(width / LANES);
    for (int v = 0; v < vectors; v++) {
      int k = v >> bits;
      int at = xAt + in[inAt + k] + v * LANES - k * width;
      FloatVector factor = FloatVector.broadcast(SPECIES, scale[first + k]);
      FloatVector offset = FloatVector.broadcast(SPECIES, shift[first + k]);
      FloatVector value = FloatVector.fromArray(SPECIES, x, at).fma(factor, offset);
      SimdVectors.sixHardSwish(value).intoArray(panel, v * LANES);
    }
  }

  /** The same for the usual strip of two vectors, without a loop over them. */
  private static void normalizePairs(
      Normalization normalization,
      int first,
      int depth,
      float[] x,
      int xAt,
      int[] in,
      int inAt,
      float[] panel) {
    float[] scale = normalization.scale();
    float[] shift = normalization.shift();
    boolean six = normalization.nonlinearity() == Nonlinearity.SIX_HARD_SWISH;
    int to = 0;
    if (six) {
      for (int k = 0; k < depth; k++) {
        FloatVector factor = FloatVector.broadcast(SPECIES, scale[first + k]);
        FloatVector offset = FloatVector.broadcast(SPECIES, shift[first + k]);
        int at = xAt + in[inAt + k];
        FloatVector left = FloatVector.fromArray(SPECIES, x, at).fma(factor, offset);
        FloatVector right = FloatVector.fromArray(SPECIES, x, at + LANES).fma(factor, offset);
        SimdVectors.sixHardSwish(left).intoArray(panel, to);
        SimdVectors.sixHardSwish(right).intoArray(panel, to + LANES);
        to += PAIR;
      }
    } else {
      for (int k = 0; k < depth; k++) {
        FloatVector factor = FloatVector.broadcast(SPECIES, scale[first + k]);
        FloatVector offset = FloatVector.broadcast(SPECIES, shift[first + k]);
        int at = xAt + in[inAt + k];
        FloatVector left = FloatVector.fromArray(SPECIES, x, at).fma(factor, offset);
        FloatVector right = FloatVector.fromArray(SPECIES, x, at + LANES).fma(factor, offset);
        SimdVectors.relu(left).intoArray(panel, to);
        SimdVectors.relu(right).intoArray(panel, to + LANES);
        to += PAIR;
      }
    }
  }

  /** Returns the address of each row of a panel {@code strip} vectors wide. */
  static int[] addresses(int strip, int depth) {
    int[] known = ADDRESSES[strip];
    if (known.length >= depth) {
      return known;
    }
    int[] addresses = new int[Integer.highestOneBit(depth) * 2];
    for (int k = 0; k < addresses.length; k++) {
      addresses[k] = k * strip * LANES;
    }
    // A thread that does not see this yet makes the same table again.
    ADDRESSES[strip] = addresses;
    return addresses;
  }
}
