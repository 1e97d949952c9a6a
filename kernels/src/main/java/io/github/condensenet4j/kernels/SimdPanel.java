package io.github.condensenet4j.kernels;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The inputs of a chunk of columns after normalisation, row by row in scratch. */
final class SimdPanel {

  private static final VectorSpecies<Float> SPECIES = SimdVectors.SPECIES;
  private static final int LANES = SimdVectors.LANES;

  private static final int ROWS = 4;

  /** Addresses of the rows of a panel by their distance; grows with the deepest product. */
  private static final Map<Integer, int[]> ADDRESSES = new ConcurrentHashMap<>();

  private SimdPanel() {}

  /**
   * Writes {@code depth} normalised rows.
   *
   * @param pitch distance between two rows of {@code panel}
   * @param width columns, which fill vectors
   */
  static void normalize(
      Normalization normalization,
      int first,
      int depth,
      float[] x,
      int xAt,
      int[] in,
      int inAt,
      float[] panel,
      int pitch,
      int width) {
    int rows;
    for (int k = 0; k < depth; k += rows) {
      rows = Math.min(ROWS, depth - k);
      int to = k * pitch;
      switch (normalization.nonlinearity()) {
        case NONE ->
            scale(normalization, first + k, x, xAt, in, inAt + k, rows, panel, to, pitch, width);
        case RELU ->
            relu(normalization, first + k, x, xAt, in, inAt + k, rows, panel, to, pitch, width);
        case SIX_HARD_SWISH ->
            sixHardSwish(
                normalization, first + k, x, xAt, in, inAt + k, rows, panel, to, pitch, width);
      }
    }
  }

  // Each of these does up to four rows at once, the last one several times where there are fewer: a
  // chunk is only some vectors wide, and starting a loop takes as long as they do.

  private static void scale(
      Normalization normalization,
      int first,
      float[] x,
      int xAt,
      int[] in,
      int inAt,
      int rows,
      float[] panel,
      int to,
      int pitch,
      int width) {
    int row1 = Math.min(1, rows - 1);
    int row2 = Math.min(2, rows - 1);
    int row3 = rows - 1;
    float[] scale = normalization.scale();
    float[] shift = normalization.shift();
    FloatVector scale0 = FloatVector.broadcast(SPECIES, scale[first]);
    FloatVector shift0 = FloatVector.broadcast(SPECIES, shift[first]);
    int at0 = xAt + in[inAt];
    int to0 = to;
    FloatVector scale1 = FloatVector.broadcast(SPECIES, scale[first + row1]);
    FloatVector shift1 = FloatVector.broadcast(SPECIES, shift[first + row1]);
    int at1 = xAt + in[inAt + row1];
    int to1 = to + row1 * pitch;
    FloatVector scale2 = FloatVector.broadcast(SPECIES, scale[first + row2]);
    FloatVector shift2 = FloatVector.broadcast(SPECIES, shift[first + row2]);
    int at2 = xAt + in[inAt + row2];
    int to2 = to + row2 * pitch;
    FloatVector scale3 = FloatVector.broadcast(SPECIES, scale[first + row3]);
    FloatVector shift3 = FloatVector.broadcast(SPECIES, shift[first + row3]);
    int at3 = xAt + in[inAt + row3];
    int to3 = to + row3 * pitch;
    for (int i = 0; i < width; i += LANES) {
      FloatVector x0 = FloatVector.fromArray(SPECIES, x, at0 + i).fma(scale0, shift0);
      FloatVector x1 = FloatVector.fromArray(SPECIES, x, at1 + i).fma(scale1, shift1);
      FloatVector x2 = FloatVector.fromArray(SPECIES, x, at2 + i).fma(scale2, shift2);
      FloatVector x3 = FloatVector.fromArray(SPECIES, x, at3 + i).fma(scale3, shift3);
      x0.intoArray(panel, to0 + i);
      x1.intoArray(panel, to1 + i);
      x2.intoArray(panel, to2 + i);
      x3.intoArray(panel, to3 + i);
    }
  }

  private static void relu(
      Normalization normalization,
      int first,
      float[] x,
      int xAt,
      int[] in,
      int inAt,
      int rows,
      float[] panel,
      int to,
      int pitch,
      int width) {
    int row1 = Math.min(1, rows - 1);
    int row2 = Math.min(2, rows - 1);
    int row3 = rows - 1;
    float[] scale = normalization.scale();
    float[] shift = normalization.shift();
    FloatVector scale0 = FloatVector.broadcast(SPECIES, scale[first]);
    FloatVector shift0 = FloatVector.broadcast(SPECIES, shift[first]);
    int at0 = xAt + in[inAt];
    int to0 = to;
    FloatVector scale1 = FloatVector.broadcast(SPECIES, scale[first + row1]);
    FloatVector shift1 = FloatVector.broadcast(SPECIES, shift[first + row1]);
    int at1 = xAt + in[inAt + row1];
    int to1 = to + row1 * pitch;
    FloatVector scale2 = FloatVector.broadcast(SPECIES, scale[first + row2]);
    FloatVector shift2 = FloatVector.broadcast(SPECIES, shift[first + row2]);
    int at2 = xAt + in[inAt + row2];
    int to2 = to + row2 * pitch;
    FloatVector scale3 = FloatVector.broadcast(SPECIES, scale[first + row3]);
    FloatVector shift3 = FloatVector.broadcast(SPECIES, shift[first + row3]);
    int at3 = xAt + in[inAt + row3];
    int to3 = to + row3 * pitch;
    for (int i = 0; i < width; i += LANES) {
      FloatVector x0 = FloatVector.fromArray(SPECIES, x, at0 + i).fma(scale0, shift0);
      FloatVector x1 = FloatVector.fromArray(SPECIES, x, at1 + i).fma(scale1, shift1);
      FloatVector x2 = FloatVector.fromArray(SPECIES, x, at2 + i).fma(scale2, shift2);
      FloatVector x3 = FloatVector.fromArray(SPECIES, x, at3 + i).fma(scale3, shift3);
      SimdVectors.relu(x0).intoArray(panel, to0 + i);
      SimdVectors.relu(x1).intoArray(panel, to1 + i);
      SimdVectors.relu(x2).intoArray(panel, to2 + i);
      SimdVectors.relu(x3).intoArray(panel, to3 + i);
    }
  }

  private static void sixHardSwish(
      Normalization normalization,
      int first,
      float[] x,
      int xAt,
      int[] in,
      int inAt,
      int rows,
      float[] panel,
      int to,
      int pitch,
      int width) {
    int row1 = Math.min(1, rows - 1);
    int row2 = Math.min(2, rows - 1);
    int row3 = rows - 1;
    float[] scale = normalization.scale();
    float[] shift = normalization.shift();
    FloatVector scale0 = FloatVector.broadcast(SPECIES, scale[first]);
    FloatVector shift0 = FloatVector.broadcast(SPECIES, shift[first]);
    int at0 = xAt + in[inAt];
    int to0 = to;
    FloatVector scale1 = FloatVector.broadcast(SPECIES, scale[first + row1]);
    FloatVector shift1 = FloatVector.broadcast(SPECIES, shift[first + row1]);
    int at1 = xAt + in[inAt + row1];
    int to1 = to + row1 * pitch;
    FloatVector scale2 = FloatVector.broadcast(SPECIES, scale[first + row2]);
    FloatVector shift2 = FloatVector.broadcast(SPECIES, shift[first + row2]);
    int at2 = xAt + in[inAt + row2];
    int to2 = to + row2 * pitch;
    FloatVector scale3 = FloatVector.broadcast(SPECIES, scale[first + row3]);
    FloatVector shift3 = FloatVector.broadcast(SPECIES, shift[first + row3]);
    int at3 = xAt + in[inAt + row3];
    int to3 = to + row3 * pitch;
    for (int i = 0; i < width; i += LANES) {
      FloatVector x0 = FloatVector.fromArray(SPECIES, x, at0 + i).fma(scale0, shift0);
      FloatVector x1 = FloatVector.fromArray(SPECIES, x, at1 + i).fma(scale1, shift1);
      FloatVector x2 = FloatVector.fromArray(SPECIES, x, at2 + i).fma(scale2, shift2);
      FloatVector x3 = FloatVector.fromArray(SPECIES, x, at3 + i).fma(scale3, shift3);
      SimdVectors.sixHardSwish(x0).intoArray(panel, to0 + i);
      SimdVectors.sixHardSwish(x1).intoArray(panel, to1 + i);
      SimdVectors.sixHardSwish(x2).intoArray(panel, to2 + i);
      SimdVectors.sixHardSwish(x3).intoArray(panel, to3 + i);
    }
  }

  /** Returns the address of each row of a panel whose rows are {@code pitch} apart. */
  static int[] addresses(int pitch, int depth) {
    int[] known = ADDRESSES.get(pitch);
    if (known != null && known.length >= depth) {
      return known;
    }
    int[] addresses = new int[Integer.highestOneBit(depth) * 2];
    for (int k = 0; k < addresses.length; k++) {
      addresses[k] = k * pitch;
    }
    // Threads that come here at once make the same table.
    ADDRESSES.put(pitch, addresses);
    return addresses;
  }
}
