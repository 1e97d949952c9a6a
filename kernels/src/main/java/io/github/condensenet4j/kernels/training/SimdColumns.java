package io.github.condensenet4j.kernels.training;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** How the columns of a row lie in vectors, and in panels of four vectors. */
final class SimdColumns {

  static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  static final int LANES = SPECIES.length();
  static final int PANEL = 4 * LANES;
  static final int PANEL_BITS = Integer.numberOfTrailingZeros(PANEL);
  static final int PAIR = 2 * LANES;

  private SimdColumns() {}

  /** Returns how many of {@code columns} columns whole vectors hold. */
  static int whole(int columns) {
    return columns & -LANES;
  }

  /** Returns how many of them pairs of vectors hold. */
  static int pairs(int columns) {
    return columns & -PAIR;
  }

  /** Returns where a column of a packed row lies, see {@link TrainingKernels}. */
  static int at(int start, int step, int column) {
    return start + (column >> PANEL_BITS) * step + (column & (PANEL - 1));
  }

  static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(SPECIES, x, at);
  }

  static FloatVector all(float value) {
    return FloatVector.broadcast(SPECIES, value);
  }

  /** Writes two partial sums. */
  static void put(float[] partial, int at, FloatVector first, FloatVector second) {
    if (LANES < TrainingKernels.PARTIAL) {
      Arrays.fill(partial, at, at + 2 * TrainingKernels.PARTIAL, 0);
    }
    first.intoArray(partial, at);
    second.intoArray(partial, at + TrainingKernels.PARTIAL);
  }
}
