package io.github.condensenet4j.kernels.training;

import static io.github.condensenet4j.kernels.training.SimdColumns.LANES;
import static io.github.condensenet4j.kernels.training.SimdColumns.PAIR;
import static io.github.condensenet4j.kernels.training.SimdColumns.PANEL;
import static io.github.condensenet4j.kernels.training.SimdColumns.SPECIES;
import static io.github.condensenet4j.kernels.training.SimdColumns.all;
import static io.github.condensenet4j.kernels.training.SimdColumns.at;
import static io.github.condensenet4j.kernels.training.SimdColumns.load;
import static io.github.condensenet4j.kernels.training.SimdColumns.pairs;
import static io.github.condensenet4j.kernels.training.SimdColumns.put;
import static io.github.condensenet4j.kernels.training.SimdColumns.whole;

import jdk.incubator.vector.FloatVector;

/**
 * The operations on {@code jdk.incubator.vector}, a panel being four vectors wide.
 *
 * <p>In all of them the vector is the columns. What is left of a row behind its last whole vector
 * is done number by number; rows are long, so it hardly counts.
 */
final class SimdTrainingKernels implements TrainingKernels {

  /** Inputs up to which a block is added row by row. */
  private static final int THIN = 4;

  /** Public for {@link TrainingKernelProvider}, which makes it by name. */
  public SimdTrainingKernels() {
    if (LANES < 4 || LANES > PARTIAL) {
      throw new UnsupportedOperationException(SPECIES + " is not supported");
    }
  }

  @Override
  public String description() {
    return SPECIES.vectorBitSize() + "-bit SIMD";
  }

  @Override
  public int panel() {
    return PANEL;
  }

  @Override
  public void pack(
      Activation f,
      float mean,
      float scale,
      float bias,
      float[] x,
      int xAt,
      int columns,
      float[] y,
      int yAt,
      int step) {
    SimdPacking.pack(f, mean, scale, bias, x, xAt, columns, y, yAt, step);
  }

  @Override
  public void packRows(
      Activation f,
      float[] mean,
      float[] scale,
      float[] bias,
      float[][] rows,
      int[] rowsAt,
      int[] numbers,
      int first,
      int columns,
      float[] y,
      int[] yAt,
      int step) {
    SimdPackedRows.pack(f, mean, scale, bias, rows, rowsAt, numbers, first, columns, y, yAt, step);
  }

  @Override
  public void packImage(
      Activation f,
      float mean,
      float scale,
      float bias,
      float[] x,
      int xAt,
      int width,
      int height,
      float[] y,
      int yAt,
      int pitch) {
    SimdPacking.packImage(f, mean, scale, bias, x, xAt, width, height, y, yAt, pitch);
  }

  @Override
  public void packImages(
      Activation f,
      float[] mean,
      float[] scale,
      float[] bias,
      float[][] rows,
      int[] rowsAt,
      int[] numbers,
      int first,
      int width,
      int height,
      int images,
      float[] y,
      int[] yAt,
      int yFirst,
      int pitch,
      int plane) {
    SimdPackedRows.packImages(
        f, mean, scale, bias, rows, rowsAt, numbers, first, width, height, images, y, yAt, yFirst,
        pitch, plane);
  }

  @Override
  public void poolPairs(float[] x, int xAt, int width, int height, float[] y, int yAt) {
    SimdPairs.pool(x, xAt, width, height, y, yAt);
  }

  @Override
  public void spreadPairs(float[] y, int yAt, float[] x, int xAt, int width, int height) {
    SimdPairs.spread(y, yAt, x, xAt, width, height);
  }

  @Override
  public void splitPairs(float[] x, int xAt, int pairs, float[] y, int evenAt, int oddAt) {
    SimdPairs.split(x, xAt, pairs, y, evenAt, oddAt);
  }

  @Override
  public void unframe(
      float[] x,
      int xAt,
      int width,
      int height,
      int images,
      int pitch,
      int plane,
      float[] y,
      int yAt) {
    SimdImages.unframe(x, xAt, width, height, images, pitch, plane, y, yAt);
  }

  @Override
  public void imageSums(float[] x, int xAt, int pixels, int images, float[] y, int yAt) {
    SimdImages.sums(x, xAt, pixels, images, y, yAt);
  }

  @Override
  public void imageProducts(
      float[] x, int xAt, float[] z, int zAt, int pixels, int images, float[] y, int yAt) {
    SimdImages.products(x, xAt, z, zAt, pixels, images, y, yAt);
  }

  @Override
  public void scaleImages(
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
    SimdImages.scale(x, xAt, factors, factorsAt, terms, termsAt, pixels, images, y, yAt);
  }

  @Override
  public void multiply(
      BlockProduct product,
      float[] weights,
      int weightsAt,
      float[] x,
      int xAt,
      float[] y,
      int yAt) {
    SimdTrainingTiles.multiply(product, weights, weightsAt, x, xAt, y, yAt);
  }

  @Override
  public void addBlock(
      BlockProduct product,
      int block,
      float[] weights,
      int weightsAt,
      float[] x,
      int xAt,
      float[][] rows,
      int[] rowsAt,
      int from,
      int columns) {
    int pairs = pairs(columns);
    if (product.rows[block] < 4 || product.depth[block] <= THIN) {
      SimdThinBlocks.add(product, block, weights, weightsAt, x, xAt, rows, rowsAt, from, pairs);
    } else {
      SimdAddedBlocks.add(product, block, weights, weightsAt, x, xAt, rows, rowsAt, from, pairs);
    }
    ScalarTrainingKernels.addBlock(
        product, block, weights, weightsAt, x, xAt, rows, rowsAt, from, pairs, columns);
  }

  @Override
  public void addBlockBackward(
      BlockProduct product,
      int block,
      float[] weights,
      int weightsAt,
      float[] x,
      CentredRows owed,
      float[][] dy,
      int[] dyAt,
      float[][] sums,
      int[] sumsAt,
      int from,
      int columns,
      float[] dx,
      float[] dWeights,
      float[] scratch) {
    int pairs = pairs(columns);
    SimdThinGradients.backward(
        product, block, weights, weightsAt, x, owed, dy, dyAt, sums, sumsAt, from, pairs, dx,
        dWeights, scratch);
    if (pairs < columns) {
      ScalarTrainingKernels.addBlockBackward(
          product, block, weights, weightsAt, x, owed, dy, dyAt, sums, sumsAt, from, pairs, columns,
          dx, dWeights);
    }
  }

  @Override
  public void addProducts(
      BlockProduct product,
      int block,
      float[] x,
      float[] z,
      int[] rowsAt,
      int rowsFrom,
      int columns,
      float[] dWeights,
      float[] scratch) {
    SimdDots.addBlock(product, block, x, z, rowsAt, rowsFrom, columns, dWeights, scratch);
  }

  @Override
  public void packSlabs(float[] x, int xAt, int pitch, int rows, int columns, float[] slabs) {
    SimdSlabs.pack(x, xAt, pitch, rows, columns, slabs);
  }

  @Override
  public void addSlabProducts(
      BlockProduct product,
      int block,
      float[] slabs,
      float[] z,
      int[] rowsAt,
      int rowsFrom,
      int columns,
      float[] dWeights) {
    SimdSlabs.addProducts(product, block, slabs, z, rowsAt, rowsFrom, columns, dWeights);
  }

  @Override
  public void multiplyRows(
      BlockProduct product,
      int block,
      float[] weights,
      int weightsAt,
      float[] x,
      float[] y,
      int[] rowsAt,
      int columns) {
    for (int i = 0; i < columns; i += PANEL) {
      SimdTrainingTiles.multiply(product, block, weights, weightsAt, x, i, y, i, rowsAt, 0);
    }
  }

  @Override
  public void multiplyBlock(
      BlockProduct product,
      int block,
      float[] weights,
      int weightsAt,
      float[] x,
      float[] z,
      float[] y,
      int[] rowsAt,
      int columns,
      float[] dWeights,
      float[] scratch) {
    if (product.rows[block] < 4) {
      SimdThinBlocks.multiply(
          product, block, weights, weightsAt, x, z, y, rowsAt, columns, dWeights, scratch);
    } else {
      multiplyRows(product, block, weights, weightsAt, x, y, rowsAt, columns);
      addProducts(product, block, x, z, rowsAt, 0, columns, dWeights, scratch);
    }
  }

  @Override
  public void dots(
      float[] p,
      int[] pRows,
      int pFrom,
      float[] q,
      int[] qRows,
      int qFrom,
      int few,
      int columns,
      float[] sums,
      int sumsAt,
      float[] scratch) {
    switch (few) {
      case 1 -> SimdDots.add16(p, pRows, pFrom, q, qRows[qFrom], columns, scratch);
      case 2 -> SimdDots.add8(p, pRows, pFrom, q, qRows, qFrom, columns, scratch);
      default -> SimdDots.add4(p, pRows, pFrom, q, qRows, qFrom, columns, scratch);
    }
    SimdDots.addLanes(scratch, sums, sumsAt);
  }

  @Override
  public void unpack(
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
    int whole = whole(columns);
    if (base == null) {
      SimdUnpacking.copy(t, tAt, step, y, yAt, whole, pivot, partial, partialAt);
    } else {
      SimdUnpacking.add(t, tAt, step, base, baseAt, y, yAt, whole, pivot, partial, partialAt);
    }
    for (int i = whole; i < columns; i++) {
      y[yAt + i] = t[at(tAt, step, i)] + (base == null ? 0 : base[baseAt + i]);
      addTail(y[yAt + i] - pivot, partial, partialAt);
    }
  }

  private static void addTail(float shifted, float[] partial, int partialAt) {
    partial[partialAt] += shifted;
    partial[partialAt + PARTIAL] += shifted * shifted;
  }

  @Override
  public void shiftedSums(float[] x, int xAt, int columns, float[] partial) {
    float pivot = x[xAt];
    sumsAround(pivot, x, xAt, columns, partial);
    for (int i = pairs(columns); i < columns; i++) {
      addTail(x[xAt + i] - pivot, partial, 0);
    }
  }

  private static void sumsAround(float pivot, float[] x, int xAt, int columns, float[] partial) {
    FloatVector origin = all(pivot);
    FloatVector sum = FloatVector.zero(SPECIES);
    FloatVector squares = sum;
    for (int i = 0; i < pairs(columns); i += PAIR) {
      FloatVector left = load(x, xAt + i).sub(origin);
      FloatVector right = load(x, xAt + i + LANES).sub(origin);
      sum = sum.add(left).add(right);
      squares = right.fma(right, left.fma(left, squares));
    }
    put(partial, 0, sum, squares);
  }

  @Override
  public void activateBackward(
      Activation f,
      float mean,
      float scale,
      float bias,
      float[] x,
      int xAt,
      float[] da,
      int daAt,
      int step,
      float factor,
      boolean adds,
      float[] dx,
      int dxAt,
      int columns,
      float[] partial,
      int partialAt) {
    SimdGradients.activateBackward(
        f, mean, scale, bias, x, xAt, da, daAt, step, factor, adds, dx, dxAt, columns, partial,
        partialAt);
  }

  @Override
  public void activateBackwardRows(
      Activation f,
      float[] mean,
      float[] scale,
      float[] bias,
      float[][] x,
      int[] xAt,
      int[] numbers,
      int first,
      float[] da,
      int[] daAt,
      int step,
      float[] factor,
      boolean adds,
      float[][] dx,
      int[] dxAt,
      int columns,
      float[] partial) {
    SimdGradientRows.activateBackward(
        f, mean, scale, bias, x, xAt, numbers, first, da, daAt, step, factor, adds, dx, dxAt,
        columns, partial);
  }

  @Override
  public void addCentred(
      CentredRows terms,
      float[][] dx,
      int[] dxAt,
      int[] numbers,
      int first,
      int columns,
      boolean keeps,
      float[][] y,
      int[] yAt,
      int yFirst) {
    int pairs = pairs(columns);
    int n = 0;
    for (; n + 2 <= numbers.length; n += 2) {
      SimdCentredRows.two(
          terms, dx, dxAt, numbers[n], numbers[n + 1], first, pairs, keeps, y, yAt, yFirst);
    }
    if (n < numbers.length) {
      SimdCentredRows.one(terms, dx, dxAt, numbers[n], first, pairs, keeps, y, yAt, yFirst);
    }
    if (pairs < columns) {
      ScalarTrainingKernels.addCentred(
          terms, dx, dxAt, numbers, first, pairs, columns, keeps, y, yAt, yFirst);
    }
  }
}
