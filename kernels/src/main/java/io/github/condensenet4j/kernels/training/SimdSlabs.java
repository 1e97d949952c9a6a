package io.github.condensenet4j.kernels.training;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link TrainingKernels#packSlabs} and {@link TrainingKernels#addSlabProducts}.
 *
 * <p>The vector is the rows of a slab, which is two of them; the other row gives a factor for each
 * column. Four rows at a time: of the sixteen sums of eight rows, or of two slabs, the compiler
 * keeps one on the stack, and every column waits for it.
 */
final class SimdSlabs {

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();
  private static final int SLAB = 2 * LANES;

  private SimdSlabs() {}

  /**
   * See {@link TrainingKernels#packSlabs}. Number by number: exchanging lanes of vectors took
   * longer.
   */
  static void pack(float[] x, int xAt, int pitch, int rows, int columns, float[] slabs) {
    for (int row = 0; row < rows; row += 8) {
      int from = xAt + row * pitch;
      int l = row % SLAB;
      int to = from - l * pitch + l;
      packEight(x, from, pitch, columns, slabs, to);
    }
  }

  private static void packEight(
      float[] x, int xAt, int pitch, int columns, float[] slabs, int slabAt) {
    int x1 = xAt + pitch;
    int x2 = x1 + pitch;
    int x3 = x2 + pitch;
    int x4 = x3 + pitch;
    int x5 = x4 + pitch;
    int x6 = x5 + pitch;
    int x7 = x6 + pitch;
    for (int i = 0; i < columns; i++) {
      int to = slabAt + i * SLAB;
      slabs[to] = x[xAt + i];
      slabs[to + 1] = x[x1 + i];
      slabs[to + 2] = x[x2 + i];
      slabs[to + 3] = x[x3 + i];
      slabs[to + 4] = x[x4 + i];
      slabs[to + 5] = x[x5 + i];
      slabs[to + 6] = x[x6 + i];
      slabs[to + 7] = x[x7 + i];
    }
  }

  /** See {@link TrainingKernels#addSlabProducts}. */
  static void addProducts(
      BlockProduct product,
      int block,
      float[] slabs,
      float[] z,
      int[] rowsAt,
      int rowsFrom,
      int columns,
      float[] dWeights) {
    int rows = product.rows[block];
    int depth = product.depth[block];
    int in = product.inputsAt[block];
    int at = product.weightsAt[block];
    for (int k = 0; k < depth; k += SLAB) {
      int slabAt = product.inputs[in + k];
      int to = at + k * rows;
      if (rows == 1) {
        addOne(slabs, slabAt, z, rowsAt[rowsFrom], columns, dWeights, to);
      } else if (rows == 2) {
        addTwo(slabs, slabAt, z, rowsAt, rowsFrom, columns, dWeights, to);
      } else {
        for (int row = 0; row < rows; row += 4) {
          addFour(slabs, slabAt, z, rowsAt, rowsFrom + row, columns, dWeights, to + row * SLAB);
        }
      }
    }
  }

  private static void addOne(
      float[] slab, int slabAt, float[] z, int z0, int columns, float[] sums, int sumsAt) {
    FloatVector sum0 = FloatVector.zero(SPECIES);
    FloatVector sum1 = sum0;
    for (int i = 0; i < columns; i++) {
      FloatVector x0 = FloatVector.fromArray(SPECIES, slab, slabAt + i * SLAB);
      FloatVector x1 = FloatVector.fromArray(SPECIES, slab, slabAt + i * SLAB + LANES);
      FloatVector w0 = FloatVector.broadcast(SPECIES, z[z0 + i]);
      sum0 = x0.fma(w0, sum0);
      sum1 = x1.fma(w0, sum1);
    }
    FloatVector.fromArray(SPECIES, sums, sumsAt).add(sum0).intoArray(sums, sumsAt);
    FloatVector.fromArray(SPECIES, sums, sumsAt + LANES).add(sum1).intoArray(sums, sumsAt + LANES);
  }

  private static void addTwo(
      float[] slab,
      int slabAt,
      float[] z,
      int[] rowsAt,
      int rowsFrom,
      int columns,
      float[] sums,
      int sumsAt) {
    int z0 = rowsAt[rowsFrom];
    int z1 = rowsAt[rowsFrom + 1];
    FloatVector sum00 = FloatVector.zero(SPECIES);
    FloatVector sum01 = sum00;
    FloatVector sum10 = sum00;
    FloatVector sum11 = sum00;
    for (int i = 0; i < columns; i++) {
      FloatVector x0 = FloatVector.fromArray(SPECIES, slab, slabAt + i * SLAB);
      FloatVector x1 = FloatVector.fromArray(SPECIES, slab, slabAt + i * SLAB + LANES);
      FloatVector w0 = FloatVector.broadcast(SPECIES, z[z0 + i]);
      sum00 = x0.fma(w0, sum00);
      sum01 = x1.fma(w0, sum01);
      FloatVector w1 = FloatVector.broadcast(SPECIES, z[z1 + i]);
      sum10 = x0.fma(w1, sum10);
      sum11 = x1.fma(w1, sum11);
    }
    FloatVector.fromArray(SPECIES, sums, sumsAt).add(sum00).intoArray(sums, sumsAt);
    FloatVector.fromArray(SPECIES, sums, sumsAt + LANES).add(sum01).intoArray(sums, sumsAt + LANES);
    FloatVector.fromArray(SPECIES, sums, sumsAt + SLAB).add(sum10).intoArray(sums, sumsAt + SLAB);
    FloatVector.fromArray(SPECIES, sums, sumsAt + SLAB + LANES)
        .add(sum11)
        .intoArray(sums, sumsAt + SLAB + LANES);
  }

  private static void addFour(
      float[] slab,
      int slabAt,
      float[] z,
      int[] rowsAt,
      int rowsFrom,
      int columns,
      float[] sums,
      int sumsAt) {
    int z0 = rowsAt[rowsFrom];
    int z1 = rowsAt[rowsFrom + 1];
    int z2 = rowsAt[rowsFrom + 2];
    int z3 = rowsAt[rowsFrom + 3];
    FloatVector sum00 = FloatVector.zero(SPECIES);
    FloatVector sum01 = sum00;
    FloatVector sum10 = sum00;
    FloatVector sum11 = sum00;
    FloatVector sum20 = sum00;
    FloatVector sum21 = sum00;
    FloatVector sum30 = sum00;
    FloatVector sum31 = sum00;
    for (int i = 0; i < columns; i++) {
      FloatVector x0 = FloatVector.fromArray(SPECIES, slab, slabAt + i * SLAB);
      FloatVector x1 = FloatVector.fromArray(SPECIES, slab, slabAt + i * SLAB + LANES);
      FloatVector w0 = FloatVector.broadcast(SPECIES, z[z0 + i]);
      sum00 = x0.fma(w0, sum00);
      sum01 = x1.fma(w0, sum01);
      FloatVector w1 = FloatVector.broadcast(SPECIES, z[z1 + i]);
      sum10 = x0.fma(w1, sum10);
      sum11 = x1.fma(w1, sum11);
      FloatVector w2 = FloatVector.broadcast(SPECIES, z[z2 + i]);
      sum20 = x0.fma(w2, sum20);
      sum21 = x1.fma(w2, sum21);
      FloatVector w3 = FloatVector.broadcast(SPECIES, z[z3 + i]);
      sum30 = x0.fma(w3, sum30);
      sum31 = x1.fma(w3, sum31);
    }
    FloatVector.fromArray(SPECIES, sums, sumsAt).add(sum00).intoArray(sums, sumsAt);
    FloatVector.fromArray(SPECIES, sums, sumsAt + LANES).add(sum01).intoArray(sums, sumsAt + LANES);
    FloatVector.fromArray(SPECIES, sums, sumsAt + SLAB).add(sum10).intoArray(sums, sumsAt + SLAB);
    FloatVector.fromArray(SPECIES, sums, sumsAt + SLAB + LANES)
        .add(sum11)
        .intoArray(sums, sumsAt + SLAB + LANES);
    FloatVector.fromArray(SPECIES, sums, sumsAt + 2 * SLAB)
        .add(sum20)
        .intoArray(sums, sumsAt + 2 * SLAB);
    FloatVector.fromArray(SPECIES, sums, sumsAt + 2 * SLAB + LANES)
        .add(sum21)
        .intoArray(sums, sumsAt + 2 * SLAB + LANES);
    FloatVector.fromArray(SPECIES, sums, sumsAt + 3 * SLAB)
        .add(sum30)
        .intoArray(sums, sumsAt + 3 * SLAB);
    FloatVector.fromArray(SPECIES, sums, sumsAt + 3 * SLAB + LANES)
        .add(sum31)
        .intoArray(sums, sumsAt + 3 * SLAB + LANES);
  }
}
