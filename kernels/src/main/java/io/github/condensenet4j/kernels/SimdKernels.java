package io.github.condensenet4j.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The operations on vectors as wide as the machine has.
 *
 * <p>All vectors have one width, sums are carried through the innermost loop only, and loops that
 * carry vectors are methods of their own: so written, they allocate nothing. A vector that the
 * compiler does not keep in a register is an object on the heap.
 *
 * <p>A product goes group by group ({@link SimdProduct}), so that the weights of a group are read
 * once into the second-level cache. Columns that fill no vector are left to {@link ScalarKernels}.
 */
final class SimdKernels implements Kernels {

  private static final VectorSpecies<Float> SPECIES = SimdVectors.SPECIES;
  private static final int LANES = SimdVectors.LANES;

  private static final VectorShuffle<Float> EVEN =
      VectorShuffle.fromOp(SPECIES, i -> 2 * i % LANES);
  private static final VectorShuffle<Float> ODD =
      VectorShuffle.fromOp(SPECIES, i -> (2 * i + 1) % LANES);
  private static final VectorMask<Float> UPPER_HALF = SPECIES.indexInRange(-LANES / 2, LANES / 2);

  private final ScalarKernels rest = new ScalarKernels();

  SimdKernels() {
    if (LANES < 4 || LANES > 16) {
      throw new UnsupportedOperationException(
          "vectors hold " + LANES + " floats, where 4, 8 or 16 are made use of");
    }
  }

  @Override
  public String description() {
    return SPECIES.vectorBitSize() + "-bit SIMD";
  }

  @Override
  public int scratchLength(GroupWeights weights) {
    return SimdProduct.scratchLength(weights);
  }

  @Override
  public void product(
      GroupProduct product,
      int fromRow,
      int toRow,
      float[] x,
      int xAt,
      float[] y,
      int yAt,
      int columns,
      float[] mask,
      int maskAt,
      float[] scratch) {
    int rows = product.weights().rows();
    int whole = columns / LANES * LANES;
    for (int group = fromRow / rows; group * rows < toRow; group++) {
      int from = Math.max(0, fromRow - group * rows);
      int to = Math.min(rows, toRow - group * rows);
      SimdProduct.group(product, group, from, to, x, xAt, y, yAt, whole, mask, maskAt, scratch);
    }
    if (whole < columns) {
      rest.product(
          product,
          fromRow,
          toRow,
          x,
          xAt + whole,
          y,
          yAt + whole,
          columns - whole,
          mask,
          maskAt + whole,
          scratch);
    }
  }

  @Override
  public void column(
      GroupWeights weights,
      int[] inputs,
      int fromRow,
      int toRow,
      float[] x,
      int xAt,
      float[] y,
      int yAt) {
    SimdColumn.multiply(weights, inputs, fromRow, toRow, x, xAt, y, yAt);
  }

  @Override
  public void means(
      Normalization normalization,
      int fromRow,
      int toRow,
      float[] x,
      int xAt,
      int stride,
      int columns,
      float[] mask,
      int maskAt,
      float factor,
      float[] y,
      int yAt,
      int yStep) {
    if (columns < ScalarKernels.SUMS
        || (normalization != null && normalization.nonlinearity() == Nonlinearity.SIX_HARD_SWISH)) {
      rest.means(
          normalization,
          fromRow,
          toRow,
          x,
          xAt,
          stride,
          columns,
          mask,
          maskAt,
          factor,
          y,
          yAt,
          yStep);
      return;
    }
    float[] sums = SimdMeans.place();
    for (int row = fromRow; row < toRow; row += 4) {
      SimdMeans.ofFour(
          normalization,
          row,
          toRow - 1,
          x,
          xAt,
          stride,
          columns,
          mask,
          maskAt,
          factor,
          y,
          yAt,
          yStep,
          sums);
    }
  }

  @Override
  public void scale(
      float[] x, int xAt, int stride, int rows, int columns, float[] factors, int factorsAt) {
    int whole = columns / LANES * LANES;
    for (int row = 0; row < rows; row++) {
      int at = xAt + row * stride;
      FloatVector factor = FloatVector.broadcast(SPECIES, factors[factorsAt + row]);
      for (int i = 0; i < whole; i += LANES) {
        FloatVector.fromArray(SPECIES, x, at + i).mul(factor).intoArray(x, at + i);
      }
    }
    rest.scale(x, xAt + whole, stride, rows, columns - whole, factors, factorsAt);
  }

  @Override
  public void average2x2(
      float[] x, int xAt, int xPitch, float[] y, int yAt, int yPitch, int height, int width) {
    // Rows are written in whole vectors: what is too much goes into the padding and the next row,
    // which comes later; the last rows, behind which there is no room, are left to the plain loop.
    int end = yAt + (height - 1) * yPitch + width;
    int written = (width + LANES - 1) / LANES * LANES;
    int row = 0;
    while (row < height
        && yAt + row * yPitch + written <= end
        && xAt + (2 * row + 1) * xPitch + 2 * written <= x.length) {
      average2x2Row(x, xAt + 2 * row * xPitch, xPitch, y, yAt + row * yPitch, width);
      row++;
    }
    rest.average2x2(
        x, xAt + 2 * row * xPitch, xPitch, y, yAt + row * yPitch, yPitch, height - row, width);
  }

  private static void average2x2Row(float[] x, int xAt, int xPitch, float[] y, int yAt, int width) {
    for (int i = 0; i < width; i += LANES) {
      // Two vectors of column sums, of which neighbours are added.
      FloatVector low =
          FloatVector.fromArray(SPECIES, x, xAt + 2 * i)
              .add(FloatVector.fromArray(SPECIES, x, xAt + xPitch + 2 * i));
      FloatVector high =
          FloatVector.fromArray(SPECIES, x, xAt + 2 * i + LANES)
              .add(FloatVector.fromArray(SPECIES, x, xAt + xPitch + 2 * i + LANES));
      FloatVector even = low.rearrange(EVEN).blend(high.rearrange(EVEN), UPPER_HALF);
      FloatVector odd = low.rearrange(ODD).blend(high.rearrange(ODD), UPPER_HALF);
      even.add(odd).mul(0.25f).intoArray(y, yAt + i);
    }
  }

  @Override
  public boolean copyEvery(int step, float[] x, int xAt, float[] y, int yAt, int count) {
    int done = 0;
    boolean finite = true;
    if (step == 1 || step == 2) {
      // The last pair of vectors must not be read past the end of the row.
      int whole = (step == 1 ? count : count - 1) / LANES * LANES;
      FloatVector spoilt = FloatVector.zero(SPECIES);
      for (; done < whole; done += LANES) {
        FloatVector value = FloatVector.fromArray(SPECIES, x, xAt + step * done);
        if (step == 2) {
          FloatVector high = FloatVector.fromArray(SPECIES, x, xAt + 2 * done + LANES);
          value = value.rearrange(EVEN).blend(high.rearrange(EVEN), UPPER_HALF);
        }
        value.intoArray(y, yAt + done);
        // Zero times a number is zero; times what is none, it is not.
        spoilt = value.fma(FloatVector.zero(SPECIES), spoilt);
      }
      // Zeros only, or something that is no number: here the order of the sum does not matter.
      finite = spoilt.reduceLanes(VectorOperators.ADD) == 0;
    }
    boolean restFinite = rest.copyEvery(step, x, xAt + step * done, y, yAt + done, count - done);
    return finite && restFinite;
  }
}
