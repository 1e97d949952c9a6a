package io.github.condensenet4j.kernels.training;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link TrainingKernels#addCentred}, two rows side by side, which memory gives faster than one
 * after the other; columns are a multiple of two vectors.
 */
final class SimdCentredRows {

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  private SimdCentredRows() {}

  static void two(
      CentredRows terms,
      float[][] dx,
      int[] dxAt,
      int row0,
      int row1,
      int first,
      int columns,
      boolean keeps,
      float[][] y,
      int[] yAt,
      int yFirst) {
    float[] x0 = terms.x()[row0];
    int xAt0 = terms.xAt()[row0] + first;
    float[] dx0 = dx[row0];
    int dxAt0 = dxAt[row0] + first;
    float[] y0 = y[row0];
    int yAt0 = yAt[row0] + yFirst;
    FloatVector m0 = FloatVector.broadcast(SPECIES, terms.mean()[row0]);
    FloatVector b0 = FloatVector.broadcast(SPECIES, terms.b()[row0]);
    FloatVector c0 = FloatVector.broadcast(SPECIES, terms.c()[row0]);
    float[] x1 = terms.x()[row1];
    int xAt1 = terms.xAt()[row1] + first;
    float[] dx1 = dx[row1];
    int dxAt1 = dxAt[row1] + first;
    float[] y1 = y[row1];
    int yAt1 = yAt[row1] + yFirst;
    FloatVector m1 = FloatVector.broadcast(SPECIES, terms.mean()[row1]);
    FloatVector b1 = FloatVector.broadcast(SPECIES, terms.b()[row1]);
    FloatVector c1 = FloatVector.broadcast(SPECIES, terms.c()[row1]);
    for (int i = 0; i < columns; i += 2 * LANES) {
      add(m0, b0, c0, x0, xAt0 + i, dx0, dxAt0 + i, keeps, y0, yAt0 + i);
      add(m0, b0, c0, x0, xAt0 + i + LANES, dx0, dxAt0 + i + LANES, keeps, y0, yAt0 + i + LANES);
      add(m1, b1, c1, x1, xAt1 + i, dx1, dxAt1 + i, keeps, y1, yAt1 + i);
      add(m1, b1, c1, x1, xAt1 + i + LANES, dx1, dxAt1 + i + LANES, keeps, y1, yAt1 + i + LANES);
    }
  }

  static void one(
      CentredRows terms,
      float[][] dx,
      int[] dxAt,
      int row0,
      int first,
      int columns,
      boolean keeps,
      float[][] y,
      int[] yAt,
      int yFirst) {
    float[] x0 = terms.x()[row0];
    int xAt0 = terms.xAt()[row0] + first;
    float[] dx0 = dx[row0];
    int dxAt0 = dxAt[row0] + first;
    float[] y0 = y[row0];
    int yAt0 = yAt[row0] + yFirst;
    FloatVector m0 = FloatVector.broadcast(SPECIES, terms.mean()[row0]);
    FloatVector b0 = FloatVector.broadcast(SPECIES, terms.b()[row0]);
    FloatVector c0 = FloatVector.broadcast(SPECIES, terms.c()[row0]);
    for (int i = 0; i < columns; i += 2 * LANES) {
      add(m0, b0, c0, x0, xAt0 + i, dx0, dxAt0 + i, keeps, y0, yAt0 + i);
      add(m0, b0, c0, x0, xAt0 + i + LANES, dx0, dxAt0 + i + LANES, keeps, y0, yAt0 + i + LANES);
    }
  }

  private static void add(
      FloatVector m,
      FloatVector b,
      FloatVector c,
      float[] x,
      int xAt,
      float[] dx,
      int dxAt,
      boolean keeps,
      float[] y,
      int yAt) {
    FloatVector term = FloatVector.fromArray(SPECIES, x, xAt).sub(m).fma(b, c);
    FloatVector sum = FloatVector.fromArray(SPECIES, dx, dxAt).add(term);
    sum.intoArray(y, yAt);
    if (keeps) {
      sum.intoArray(dx, dxAt);
    }
  }
}
