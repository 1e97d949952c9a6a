package io.github.condensenet4j.kernels.training;

import static io.github.condensenet4j.kernels.training.SimdColumns.LANES;
import static io.github.condensenet4j.kernels.training.SimdColumns.PANEL;
import static io.github.condensenet4j.kernels.training.SimdColumns.PANEL_BITS;
import static io.github.condensenet4j.kernels.training.SimdColumns.SPECIES;
import static io.github.condensenet4j.kernels.training.TrainingKernels.PARTIAL;

import jdk.incubator.vector.FloatVector;

/**
 * {@link TrainingKernels#unpack} of whole vectors. Written out for the reason that {@link
 * SimdPacking} gives.
 */
final class SimdUnpacking {

  private SimdUnpacking() {}

  /** Where nothing is added. */
  static void copy(
      float[] t,
      int tAt,
      int step,
      float[] y,
      int yAt,
      int columns,
      float pivot,
      float[] partial,
      int partialAt) {
    FloatVector origin = FloatVector.broadcast(SPECIES, pivot);
    FloatVector sum0 = FloatVector.fromArray(SPECIES, partial, partialAt);
    FloatVector sum1 = FloatVector.zero(SPECIES);
    FloatVector squares0 = FloatVector.fromArray(SPECIES, partial, partialAt + PARTIAL);
    FloatVector squares1 = sum1;
    int panels = columns & -PANEL;
    for (int i = 0; i < panels; i += PANEL) {
      int from = tAt + (i >> PANEL_BITS) * step;
      FloatVector v0 = FloatVector.fromArray(SPECIES, t, from);
      FloatVector v1 = FloatVector.fromArray(SPECIES, t, from + LANES);
      FloatVector v2 = FloatVector.fromArray(SPECIES, t, from + 2 * LANES);
      FloatVector v3 = FloatVector.fromArray(SPECIES, t, from + 3 * LANES);
      v0.intoArray(y, yAt + i);
      v1.intoArray(y, yAt + i + LANES);
      v2.intoArray(y, yAt + i + 2 * LANES);
      v3.intoArray(y, yAt + i + 3 * LANES);
      v0 = v0.sub(origin);
      sum0 = sum0.add(v0);
      squares0 = v0.fma(v0, squares0);
      v1 = v1.sub(origin);
      sum1 = sum1.add(v1);
      squares1 = v1.fma(v1, squares1);
      v2 = v2.sub(origin);
      sum0 = sum0.add(v2);
      squares0 = v2.fma(v2, squares0);
      v3 = v3.sub(origin);
      sum1 = sum1.add(v3);
      squares1 = v3.fma(v3, squares1);
    }
    int last = tAt + (panels >> PANEL_BITS) * step - panels;
    for (int i = panels; i < columns; i += LANES) {
      FloatVector v = FloatVector.fromArray(SPECIES, t, last + i);
      v.intoArray(y, yAt + i);
      v = v.sub(origin);
      sum0 = sum0.add(v);
      squares0 = v.fma(v, squares0);
    }
    sum0.add(sum1).intoArray(partial, partialAt);
    squares0.add(squares1).intoArray(partial, partialAt + PARTIAL);
  }

  /** Where {@code base} is added. */
  static void add(
      float[] t,
      int tAt,
      int step,
      float[] base,
      int baseAt,
      float[] y,
      int yAt,
      int columns,
      float pivot,
      float[] partial,
      int partialAt) {
    FloatVector origin = FloatVector.broadcast(SPECIES, pivot);
    FloatVector sum0 = FloatVector.fromArray(SPECIES, partial, partialAt);
    FloatVector sum1 = FloatVector.zero(SPECIES);
    FloatVector squares0 = FloatVector.fromArray(SPECIES, partial, partialAt + PARTIAL);
    FloatVector squares1 = sum1;
    int panels = columns & -PANEL;
    for (int i = 0; i < panels; i += PANEL) {
      int from = tAt + (i >> PANEL_BITS) * step;
      FloatVector v0 =
          FloatVector.fromArray(SPECIES, t, from)
              .add(FloatVector.fromArray(SPECIES, base, baseAt + i));
      FloatVector v1 =
          FloatVector.fromArray(SPECIES, t, from + LANES)
              .add(FloatVector.fromArray(SPECIES, base, baseAt + i + LANES));
      FloatVector v2 =
          FloatVector.fromArray(SPECIES, t, from + 2 * LANES)
              .add(FloatVector.fromArray(SPECIES, base, baseAt + i + 2 * LANES));
      FloatVector v3 =
          FloatVector.fromArray(SPECIES, t, from + 3 * LANES)
              .add(FloatVector.fromArray(SPECIES, base, baseAt + i + 3 * LANES));
      v0.intoArray(y, yAt + i);
      v1.intoArray(y, yAt + i + LANES);
      v2.intoArray(y, yAt + i + 2 * LANES);
      v3.intoArray(y, yAt + i + 3 * LANES);
      v0 = v0.sub(origin);
      sum0 = sum0.add(v0);
      squares0 = v0.fma(v0, squares0);
      v1 = v1.sub(origin);
      sum1 = sum1.add(v1);
      squares1 = v1.fma(v1, squares1);
      v2 = v2.sub(origin);
      sum0 = sum0.add(v2);
      squares0 = v2.fma(v2, squares0);
      v3 = v3.sub(origin);
      sum1 = sum1.add(v3);
      squares1 = v3.fma(v3, squares1);
    }
    int last = tAt + (panels >> PANEL_BITS) * step - panels;
    for (int i = panels; i < columns; i += LANES) {
      FloatVector v =
          FloatVector.fromArray(SPECIES, t, last + i)
              .add(FloatVector.fromArray(SPECIES, base, baseAt + i));
      v.intoArray(y, yAt + i);
      v = v.sub(origin);
      sum0 = sum0.add(v);
      squares0 = v.fma(v, squares0);
    }
    sum0.add(sum1).intoArray(partial, partialAt);
    squares0.add(squares1).intoArray(partial, partialAt + PARTIAL);
  }
}
