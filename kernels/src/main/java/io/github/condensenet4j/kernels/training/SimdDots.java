package io.github.condensenet4j.kernels.training;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link TrainingKernels#dots}: sixteen sums in registers, added up across their lanes at the end.
 *
 * <p>The sums pass through memory before their lanes are added, in loops of their own: with all of
 * it in one method the compiler puts vectors on the heap. The lanes are added by a tree that halves
 * the number of vectors at each level: two vectors become one that holds sums of neighbouring lanes
 * of both, in an order that does not depend on the compiler. After {@code log2(lanes)} levels lane
 * {@code l} of vector {@code j} holds sum {@code j · lanes + l}.
 */
final class SimdDots {

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  // Lanes whose number has this bit, and each lane's partner in the other half.
  private static final VectorMask<Float> ODD_1 = lanesWith(1);
  private static final VectorMask<Float> ODD_2 = lanesWith(2);
  private static final VectorMask<Float> ODD_4 = lanesWith(4);
  private static final VectorMask<Float> ODD_8 = lanesWith(8);
  private static final VectorShuffle<Float> SWAP_1 = VectorShuffle.fromOp(SPECIES, i -> i ^ 1);
  private static final VectorShuffle<Float> SWAP_2 = VectorShuffle.fromOp(SPECIES, i -> i ^ 2);
  private static final VectorShuffle<Float> SWAP_4 =
      VectorShuffle.fromOp(SPECIES, i -> (i ^ 4) % LANES);
  private static final VectorShuffle<Float> SWAP_8 =
      VectorShuffle.fromOp(SPECIES, i -> (i ^ 8) % LANES);

  private SimdDots() {}

  private static VectorMask<Float> lanesWith(int bit) {
    boolean[] lanes = new boolean[LANES];
    for (int i = 0; i < LANES; i++) {
      lanes[i] = (i & bit) != 0;
    }
    return VectorMask.fromArray(SPECIES, lanes, 0);
  }

  /** See {@link TrainingKernels#addProducts}: sixteen sums at a time, and one by one the rest. */
  static void addBlock(
      BlockProduct product,
      int block,
      float[] x,
      float[] z,
      int[] rowsAt,
      int rowsFrom,
      int columns,
      float[] dWeights,
      float[] scratch) {
    int[] inputs = product.inputs;
    int in = product.inputsAt[block];
    int depth = product.depth[block];
    int rows = product.rows[block];
    int at = product.weightsAt[block];
    int rowsAtOnce = Math.min(4, rows);
    int inputsAtOnce = TrainingKernels.DOTS / rowsAtOnce;
    for (int row = 0; row < rows; row += rowsAtOnce) {
      int from = rowsFrom + row;
      int k = 0;
      for (; k + inputsAtOnce <= depth; k += inputsAtOnce) {
        switch (rowsAtOnce) {
          case 1 -> add16(x, inputs, in + k, z, rowsAt[from], columns, scratch);
          case 2 -> add8(x, inputs, in + k, z, rowsAt, from, columns, scratch);
          default -> add4(x, inputs, in + k, z, rowsAt, from, columns, scratch);
        }
        collect(scratch, inputsAtOnce, rowsAtOnce, dWeights, at + k * rows + row, rows);
      }
      for (; k < depth; k++) {
        for (int r = 0; r < rowsAtOnce; r++) {
          addOne(x, inputs[in + k], z, rowsAt[from + r], columns, scratch);
          dWeights[at + k * rows + row + r] += sum(scratch, 0);
        }
      }
    }
  }

  /** Leaves the lanes of one dot product in {@code lanes}. */
  private static void addOne(float[] p, int pAt, float[] q, int qAt, int columns, float[] lanes) {
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int i = 0; i < columns; i += LANES) {
      FloatVector u = FloatVector.fromArray(SPECIES, p, pAt + i);
      sum = u.fma(FloatVector.fromArray(SPECIES, q, qAt + i), sum);
    }
    sum.intoArray(lanes, 0);
  }

  /** Leaves the lanes of 4 · 4 dot products in {@code lanes}. */
  static void add4(
      float[] p,
      int[] pRows,
      int pFrom,
      float[] q,
      int[] qRows,
      int qFrom,
      int columns,
      float[] lanes) {
    int p0 = pRows[pFrom];
    int p1 = pRows[pFrom + 1];
    int p2 = pRows[pFrom + 2];
    int p3 = pRows[pFrom + 3];
    int q0 = qRows[qFrom];
    int q1 = qRows[qFrom + 1];
    int q2 = qRows[qFrom + 2];
    int q3 = qRows[qFrom + 3];
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    FloatVector s4 = s0;
    FloatVector s5 = s0;
    FloatVector s6 = s0;
    FloatVector s7 = s0;
    FloatVector s8 = s0;
    FloatVector s9 = s0;
    FloatVector s10 = s0;
    FloatVector s11 = s0;
    FloatVector s12 = s0;
    FloatVector s13 = s0;
    FloatVector s14 = s0;
    FloatVector s15 = s0;
    // One flat loop: sums that are carried through nested loops end up on the heap. Its addresses
    // rise evenly, so that the compiler checks them once.
    for (int i = 0; i < columns; i += LANES) {
      FloatVector u0 = FloatVector.fromArray(SPECIES, p, p0 + i);
      FloatVector u1 = FloatVector.fromArray(SPECIES, p, p1 + i);
      FloatVector u2 = FloatVector.fromArray(SPECIES, p, p2 + i);
      FloatVector u3 = FloatVector.fromArray(SPECIES, p, p3 + i);
      FloatVector v0 = FloatVector.fromArray(SPECIES, q, q0 + i);
      s0 = v0.fma(u0, s0);
      s4 = v0.fma(u1, s4);
      s8 = v0.fma(u2, s8);
      s12 = v0.fma(u3, s12);
      FloatVector v1 = FloatVector.fromArray(SPECIES, q, q1 + i);
      s1 = v1.fma(u0, s1);
      s5 = v1.fma(u1, s5);
      s9 = v1.fma(u2, s9);
      s13 = v1.fma(u3, s13);
      FloatVector v2 = FloatVector.fromArray(SPECIES, q, q2 + i);
      s2 = v2.fma(u0, s2);
      s6 = v2.fma(u1, s6);
      s10 = v2.fma(u2, s10);
      s14 = v2.fma(u3, s14);
      FloatVector v3 = FloatVector.fromArray(SPECIES, q, q3 + i);
      s3 = v3.fma(u0, s3);
      s7 = v3.fma(u1, s7);
      s11 = v3.fma(u2, s11);
      s15 = v3.fma(u3, s15);
    }
    s0.intoArray(lanes, 0);
    s1.intoArray(lanes, LANES);
    s2.intoArray(lanes, 2 * LANES);
    s3.intoArray(lanes, 3 * LANES);
    s4.intoArray(lanes, 4 * LANES);
    s5.intoArray(lanes, 5 * LANES);
    s6.intoArray(lanes, 6 * LANES);
    s7.intoArray(lanes, 7 * LANES);
    s8.intoArray(lanes, 8 * LANES);
    s9.intoArray(lanes, 9 * LANES);
    s10.intoArray(lanes, 10 * LANES);
    s11.intoArray(lanes, 11 * LANES);
    s12.intoArray(lanes, 12 * LANES);
    s13.intoArray(lanes, 13 * LANES);
    s14.intoArray(lanes, 14 * LANES);
    s15.intoArray(lanes, 15 * LANES);
  }

  /** Leaves the lanes of 8 · 2 dot products in {@code lanes}. */
  static void add8(
      float[] p,
      int[] pRows,
      int pFrom,
      float[] q,
      int[] qRows,
      int qFrom,
      int columns,
      float[] lanes) {
    int p0 = pRows[pFrom];
    int p1 = pRows[pFrom + 1];
    int p2 = pRows[pFrom + 2];
    int p3 = pRows[pFrom + 3];
    int p4 = pRows[pFrom + 4];
    int p5 = pRows[pFrom + 5];
    int p6 = pRows[pFrom + 6];
    int p7 = pRows[pFrom + 7];
    int q0 = qRows[qFrom];
    int q1 = qRows[qFrom + 1];
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    FloatVector s4 = s0;
    FloatVector s5 = s0;
    FloatVector s6 = s0;
    FloatVector s7 = s0;
    FloatVector s8 = s0;
    FloatVector s9 = s0;
    FloatVector s10 = s0;
    FloatVector s11 = s0;
    FloatVector s12 = s0;
    FloatVector s13 = s0;
    FloatVector s14 = s0;
    FloatVector s15 = s0;
    for (int i = 0; i < columns; i += LANES) {
      FloatVector v0 = FloatVector.fromArray(SPECIES, q, q0 + i);
      FloatVector v1 = FloatVector.fromArray(SPECIES, q, q1 + i);
      FloatVector u0 = FloatVector.fromArray(SPECIES, p, p0 + i);
      s0 = v0.fma(u0, s0);
      s1 = v1.fma(u0, s1);
      FloatVector u1 = FloatVector.fromArray(SPECIES, p, p1 + i);
      s2 = v0.fma(u1, s2);
      s3 = v1.fma(u1, s3);
      FloatVector u2 = FloatVector.fromArray(SPECIES, p, p2 + i);
      s4 = v0.fma(u2, s4);
      s5 = v1.fma(u2, s5);
      FloatVector u3 = FloatVector.fromArray(SPECIES, p, p3 + i);
      s6 = v0.fma(u3, s6);
      s7 = v1.fma(u3, s7);
      FloatVector u4 = FloatVector.fromArray(SPECIES, p, p4 + i);
      s8 = v0.fma(u4, s8);
      s9 = v1.fma(u4, s9);
      FloatVector u5 = FloatVector.fromArray(SPECIES, p, p5 + i);
      s10 = v0.fma(u5, s10);
      s11 = v1.fma(u5, s11);
      FloatVector u6 = FloatVector.fromArray(SPECIES, p, p6 + i);
      s12 = v0.fma(u6, s12);
      s13 = v1.fma(u6, s13);
      FloatVector u7 = FloatVector.fromArray(SPECIES, p, p7 + i);
      s14 = v0.fma(u7, s14);
      s15 = v1.fma(u7, s15);
    }
    s0.intoArray(lanes, 0);
    s1.intoArray(lanes, LANES);
    s2.intoArray(lanes, 2 * LANES);
    s3.intoArray(lanes, 3 * LANES);
    s4.intoArray(lanes, 4 * LANES);
    s5.intoArray(lanes, 5 * LANES);
    s6.intoArray(lanes, 6 * LANES);
    s7.intoArray(lanes, 7 * LANES);
    s8.intoArray(lanes, 8 * LANES);
    s9.intoArray(lanes, 9 * LANES);
    s10.intoArray(lanes, 10 * LANES);
    s11.intoArray(lanes, 11 * LANES);
    s12.intoArray(lanes, 12 * LANES);
    s13.intoArray(lanes, 13 * LANES);
    s14.intoArray(lanes, 14 * LANES);
    s15.intoArray(lanes, 15 * LANES);
  }

  /** Leaves the lanes of 16 · 1 dot products in {@code lanes}. */
  static void add16(
      float[] p, int[] pRows, int pFrom, float[] q, int q0, int columns, float[] lanes) {
    int p0 = pRows[pFrom];
    int p1 = pRows[pFrom + 1];
    int p2 = pRows[pFrom + 2];
    int p3 = pRows[pFrom + 3];
    int p4 = pRows[pFrom + 4];
    int p5 = pRows[pFrom + 5];
    int p6 = pRows[pFrom + 6];
    int p7 = pRows[pFrom + 7];
    int p8 = pRows[pFrom + 8];
    int p9 = pRows[pFrom + 9];
    int p10 = pRows[pFrom + 10];
    int p11 = pRows[pFrom + 11];
    int p12 = pRows[pFrom + 12];
    int p13 = pRows[pFrom + 13];
    int p14 = pRows[pFrom + 14];
    int p15 = pRows[pFrom + 15];
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    FloatVector s4 = s0;
    FloatVector s5 = s0;
    FloatVector s6 = s0;
    FloatVector s7 = s0;
    FloatVector s8 = s0;
    FloatVector s9 = s0;
    FloatVector s10 = s0;
    FloatVector s11 = s0;
    FloatVector s12 = s0;
    FloatVector s13 = s0;
    FloatVector s14 = s0;
    FloatVector s15 = s0;
    for (int i = 0; i < columns; i += LANES) {
      FloatVector v0 = FloatVector.fromArray(SPECIES, q, q0 + i);
      FloatVector u0 = FloatVector.fromArray(SPECIES, p, p0 + i);
      s0 = v0.fma(u0, s0);
      FloatVector u1 = FloatVector.fromArray(SPECIES, p, p1 + i);
      s1 = v0.fma(u1, s1);
      FloatVector u2 = FloatVector.fromArray(SPECIES, p, p2 + i);
      s2 = v0.fma(u2, s2);
      FloatVector u3 = FloatVector.fromArray(SPECIES, p, p3 + i);
      s3 = v0.fma(u3, s3);
      FloatVector u4 = FloatVector.fromArray(SPECIES, p, p4 + i);
      s4 = v0.fma(u4, s4);
      FloatVector u5 = FloatVector.fromArray(SPECIES, p, p5 + i);
      s5 = v0.fma(u5, s5);
      FloatVector u6 = FloatVector.fromArray(SPECIES, p, p6 + i);
      s6 = v0.fma(u6, s6);
      FloatVector u7 = FloatVector.fromArray(SPECIES, p, p7 + i);
      s7 = v0.fma(u7, s7);
      FloatVector u8 = FloatVector.fromArray(SPECIES, p, p8 + i);
      s8 = v0.fma(u8, s8);
      FloatVector u9 = FloatVector.fromArray(SPECIES, p, p9 + i);
      s9 = v0.fma(u9, s9);
      FloatVector u10 = FloatVector.fromArray(SPECIES, p, p10 + i);
      s10 = v0.fma(u10, s10);
      FloatVector u11 = FloatVector.fromArray(SPECIES, p, p11 + i);
      s11 = v0.fma(u11, s11);
      FloatVector u12 = FloatVector.fromArray(SPECIES, p, p12 + i);
      s12 = v0.fma(u12, s12);
      FloatVector u13 = FloatVector.fromArray(SPECIES, p, p13 + i);
      s13 = v0.fma(u13, s13);
      FloatVector u14 = FloatVector.fromArray(SPECIES, p, p14 + i);
      s14 = v0.fma(u14, s14);
      FloatVector u15 = FloatVector.fromArray(SPECIES, p, p15 + i);
      s15 = v0.fma(u15, s15);
    }
    s0.intoArray(lanes, 0);
    s1.intoArray(lanes, LANES);
    s2.intoArray(lanes, 2 * LANES);
    s3.intoArray(lanes, 3 * LANES);
    s4.intoArray(lanes, 4 * LANES);
    s5.intoArray(lanes, 5 * LANES);
    s6.intoArray(lanes, 6 * LANES);
    s7.intoArray(lanes, 7 * LANES);
    s8.intoArray(lanes, 8 * LANES);
    s9.intoArray(lanes, 9 * LANES);
    s10.intoArray(lanes, 10 * LANES);
    s11.intoArray(lanes, 11 * LANES);
    s12.intoArray(lanes, 12 * LANES);
    s13.intoArray(lanes, 13 * LANES);
    s14.intoArray(lanes, 14 * LANES);
    s15.intoArray(lanes, 15 * LANES);
  }

  /** Adds the lanes of a vector up, always in the same order. */
  static float sum(float[] lanes, int at) {
    for (int half = LANES / 2; half > 0; half /= 2) {
      for (int lane = at; lane < at + half; lane++) {
        lanes[lane] += lanes[lane + half];
      }
    }
    return lanes[at];
  }

  /** Adds {@code count · rows} sums, of which each has its lanes in a vector, to gradients. */
  static void collect(float[] scratch, int count, int rows, float[] dWeights, int at, int step) {
    int sums = TrainingKernels.DOT_SCRATCH;
    Arrays.fill(scratch, sums, sums + TrainingKernels.DOTS, 0);
    addLanes(scratch, scratch, sums);
    for (int j = 0; j < count; j++) {
      for (int r = 0; r < rows; r++) {
        dWeights[at + j * step + r] += scratch[sums + j * rows + r];
      }
    }
  }

  /** Adds the lanes of sixteen vectors in {@code lanes} up, and the results to {@code sums}. */
  static void addLanes(float[] lanes, float[] sums, int sumsAt) {
    quarter(lanes, 4, ODD_1, SWAP_1, ODD_2, SWAP_2);
    int vectors = 4;
    if (LANES > 8) {
      quarter(lanes, 1, ODD_4, SWAP_4, ODD_8, SWAP_8);
      vectors = 1;
    } else if (LANES > 4) {
      halve(lanes, ODD_4, SWAP_4);
      vectors = 2;
    }
    for (int j = 0; j < vectors * LANES; j += LANES) {
      FloatVector.fromArray(SPECIES, lanes, j)
          .add(FloatVector.fromArray(SPECIES, sums, sumsAt + j))
          .intoArray(sums, sumsAt + j);
    }
  }

  /** Makes one vector of four, two levels of the tree. */
  private static void quarter(
      float[] lanes,
      int results,
      VectorMask<Float> odd1,
      VectorShuffle<Float> swap1,
      VectorMask<Float> odd2,
      VectorShuffle<Float> swap2) {
    for (int j = 0; j < results * LANES; j += LANES) {
      FloatVector a = FloatVector.fromArray(SPECIES, lanes, 4 * j);
      FloatVector b = FloatVector.fromArray(SPECIES, lanes, 4 * j + LANES);
      FloatVector ab = a.blend(b, odd1).add(b.blend(a, odd1).rearrange(swap1));
      FloatVector c = FloatVector.fromArray(SPECIES, lanes, 4 * j + 2 * LANES);
      FloatVector d = FloatVector.fromArray(SPECIES, lanes, 4 * j + 3 * LANES);
      FloatVector cd = c.blend(d, odd1).add(d.blend(c, odd1).rearrange(swap1));
      ab.blend(cd, odd2).add(cd.blend(ab, odd2).rearrange(swap2)).intoArray(lanes, j);
    }
  }

  private static void halve(float[] lanes, VectorMask<Float> odd, VectorShuffle<Float> swap) {
    for (int j = 0; j < 2 * LANES; j += LANES) {
      FloatVector a = FloatVector.fromArray(SPECIES, lanes, 2 * j);
      FloatVector b = FloatVector.fromArray(SPECIES, lanes, 2 * j + LANES);
      a.blend(b, odd).add(b.blend(a, odd).rearrange(swap)).intoArray(lanes, j);
    }
  }
}
