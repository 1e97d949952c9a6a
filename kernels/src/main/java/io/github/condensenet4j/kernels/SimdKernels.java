package io.github.condensenet4j.kernels;

import java.util.Locale;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The operations on vectors as wide as the machine has.
 *
 * <p>Vectors of one width only, and no sums carried through a loop inside a loop: the compiler
 * keeps vectors in registers only while it is sure what they are. Tests count what calls allocate.
 *
 * <p>A product goes group by group, so that the weights of a group are read once into the
 * second-level cache, and in each over the columns in strips of one, two or four vectors. In each
 * strip it normalises the inputs into scratch once (they stay in the first-level cache), then
 * multiplies block after block of weights with them ({@link SimdTiles}), then does the outputs'
 * non-linearity while they are still near. Columns that fill no vector are left to {@link
 * ScalarKernels}.
 */
final class SimdKernels implements Kernels {

  private static final VectorSpecies<Float> SPECIES = SimdTiles.SPECIES;
  private static final int LANES = SimdTiles.LANES;

  /** Vectors of a strip where few rows share an input, so that sums still fill the registers. */
  private static final int WIDE_STRIP = 4;

  private static final int STRIP = 2;

  /** Sums that the registers hold: AVX-512 and NEON have 32 registers, AVX and SSE 16. */
  private static final int SUMS = LANES == 16 || isArm() ? 16 : 8;

  private static final VectorShuffle<Float> EVEN =
      VectorShuffle.fromOp(SPECIES, i -> 2 * i % LANES);
  private static final VectorShuffle<Float> ODD =
      VectorShuffle.fromOp(SPECIES, i -> (2 * i + 1) % LANES);
  private static final VectorMask<Float> UPPER_HALF = SPECIES.indexInRange(-LANES / 2, LANES / 2);

  /** Addresses of the rows of a panel by its width in vectors; grows with the deepest product. */
  private static final int[][] PANELS = new int[WIDE_STRIP + 1][0];

  private final ScalarKernels rest = new ScalarKernels();

  SimdKernels() {
    if (LANES < 4) {
      throw new UnsupportedOperationException("vectors hold " + LANES + " floats, 4 are too few");
    }
  }

  private static boolean isArm() {
    return System.getProperty("os.arch", "").toLowerCase(Locale.ROOT).startsWith("aarch64");
  }

  @Override
  public String description() {
    return SPECIES.vectorBitSize() + "-bit SIMD";
  }

  @Override
  public int scratchLength(GroupWeights weights) {
    return weights.inputs() == null ? 0 : weights.depth() * WIDE_STRIP * LANES;
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
      group(product, group, from, to, x, xAt, y, yAt, whole, mask, maskAt, scratch);
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

  private static int widestStrip(GroupWeights weights) {
    return weights.isWide() || weights.rows() >= SUMS / STRIP ? STRIP : WIDE_STRIP;
  }

  /** Multiplies rows {@code from} to {@code to} of one group; {@code columns} fill vectors. */
  private static void group(
      GroupProduct product,
      int group,
      int from,
      int to,
      float[] x,
      int xAt,
      float[] y,
      int yAt,
      int columns,
      float[] mask,
      int maskAt,
      float[] scratch) {
    GroupWeights weights = product.weights();
    int depth = weights.depth();
    int[] gathered = product.inputs();
    int gatheredAt = product.inputsAt(group);
    int gatheredFrom = xAt + product.shift(group);
    boolean normalizes = weights.inputs() != null;
    boolean inTiles = normalizes && !product.accumulates() && normalizesInTiles(weights);
    boolean finishes =
        !product.accumulates() && (mask != null || weights.outputs() != Nonlinearity.NONE);
    int widest = widestStrip(weights);
    int strip = 0;
    for (int column = 0; column < columns; column += strip * LANES) {
      strip = Math.min(widest, Integer.highestOneBit((columns - column) / LANES));
      float[] source = x;
      int sourceAt = gatheredFrom + column;
      int[] in = gathered;
      int inAt = gatheredAt;
      if (normalizes && !inTiles) {
        normalize(
            weights.inputs(), group * depth, depth, x, sourceAt, in, inAt, scratch, strip * LANES);
        source = scratch;
        sourceAt = 0;
        in = panel(strip, depth);
        inAt = 0;
      }
      int width;
      for (int block = from; block < to; block += width) {
        width = weights.width(block);
        int wAt = weights.blockAt(group, block);
        int end = Math.min(to - block, width);
        int height;
        for (int row = 0; row < end; row += height) {
          height = Math.min(Math.min(SUMS / strip, 8), Integer.highestOneBit(end - row));
          int output = group * weights.rows() + block + row;
          if (inTiles) {
            normalizedTile(
                product,
                output,
                height,
                strip,
                wAt + row,
                width,
                group * depth,
                x,
                sourceAt,
                in,
                inAt,
                y,
                yAt + column);
          } else if (product.accumulates()) {
            addingTile(
                product,
                output,
                height,
                strip,
                wAt + row,
                width,
                source,
                sourceAt,
                in,
                inAt,
                y,
                yAt + column);
          } else {
            tile(
                product,
                output,
                height,
                strip,
                wAt + row,
                width,
                source,
                sourceAt,
                in,
                inAt,
                y,
                yAt + column);
          }
          if (finishes) {
            finish(product, output, height, y, yAt + column, strip * LANES, mask, maskAt + column);
          }
        }
      }
    }
  }

  /**
   * Tells whether it is cheaper to normalise the inputs in every tile anew than to keep them: with
   * ReLU, if there are one or two tiles. Tiles for that have four or eight rows.
   */
  private static boolean normalizesInTiles(GroupWeights weights) {
    return weights.rows() % 4 == 0
        && weights.rows() <= 16
        && weights.inputs().nonlinearity() == Nonlinearity.RELU;
  }

  private static void normalizedTile(
      GroupProduct product,
      int row,
      int height,
      int strip,
      int wAt,
      int step,
      int first,
      float[] x,
      int xAt,
      int[] in,
      int inAt,
      float[] y,
      int yAt) {
    switch (height * 8 + strip) {
      case 8 * 8 + 2 ->
          SimdTiles.normalizedRows8Vectors2(
              product, row, wAt, step, first, x, xAt, in, inAt, y, yAt);
      case 8 * 8 + 1 ->
          SimdTiles.normalizedRows8Vectors1(
              product, row, wAt, step, first, x, xAt, in, inAt, y, yAt);
      case 4 * 8 + 4 ->
          SimdTiles.normalizedRows4Vectors4(
              product, row, wAt, step, first, x, xAt, in, inAt, y, yAt);
      case 4 * 8 + 2 ->
          SimdTiles.normalizedRows4Vectors2(
              product, row, wAt, step, first, x, xAt, in, inAt, y, yAt);
      default ->
          SimdTiles.normalizedRows4Vectors1(
              product, row, wAt, step, first, x, xAt, in, inAt, y, yAt);
    }
  }

  private static void tile(
      GroupProduct product,
      int row,
      int height,
      int strip,
      int wAt,
      int step,
      float[] x,
      int xAt,
      int[] in,
      int inAt,
      float[] y,
      int yAt) {
    switch (height * 8 + strip) {
      case 8 * 8 + 2 -> SimdTiles.rows8Vectors2(product, row, wAt, step, x, xAt, in, inAt, y, yAt);
      case 8 * 8 + 1 -> SimdTiles.rows8Vectors1(product, row, wAt, step, x, xAt, in, inAt, y, yAt);
      case 4 * 8 + 4 -> SimdTiles.rows4Vectors4(product, row, wAt, step, x, xAt, in, inAt, y, yAt);
      case 4 * 8 + 2 -> SimdTiles.rows4Vectors2(product, row, wAt, step, x, xAt, in, inAt, y, yAt);
      case 4 * 8 + 1 -> SimdTiles.rows4Vectors1(product, row, wAt, step, x, xAt, in, inAt, y, yAt);
      case 2 * 8 + 4 -> SimdTiles.rows2Vectors4(product, row, wAt, step, x, xAt, in, inAt, y, yAt);
      case 2 * 8 + 1 -> SimdTiles.rows2Vectors1(product, row, wAt, step, x, xAt, in, inAt, y, yAt);
      case 8 + 4 -> SimdTiles.rows1Vectors4(product, row, wAt, step, x, xAt, in, inAt, y, yAt);
      case 8 + 1 -> SimdTiles.rows1Vectors1(product, row, wAt, step, x, xAt, in, inAt, y, yAt);
      default -> {
        // One or two rows left over from taller blocks: two narrow tiles.
        int half = strip / 2;
        tile(product, row, height, half, wAt, step, x, xAt, in, inAt, y, yAt);
        int next = half * LANES;
        tile(product, row, height, half, wAt, step, x, xAt + next, in, inAt, y, yAt + next);
      }
    }
  }

  private static void addingTile(
      GroupProduct product,
      int row,
      int height,
      int strip,
      int wAt,
      int step,
      float[] x,
      int xAt,
      int[] in,
      int inAt,
      float[] y,
      int yAt) {
    switch (height * 8 + strip) {
      case 8 * 8 + 2 ->
          SimdAddingTiles.rows8Vectors2(product, row, wAt, step, x, xAt, in, inAt, y, yAt);
      case 8 * 8 + 1 ->
          SimdAddingTiles.rows8Vectors1(product, row, wAt, step, x, xAt, in, inAt, y, yAt);
      case 4 * 8 + 4 ->
          SimdAddingTiles.rows4Vectors4(product, row, wAt, step, x, xAt, in, inAt, y, yAt);
      case 4 * 8 + 2 ->
          SimdAddingTiles.rows4Vectors2(product, row, wAt, step, x, xAt, in, inAt, y, yAt);
      case 4 * 8 + 1 ->
          SimdAddingTiles.rows4Vectors1(product, row, wAt, step, x, xAt, in, inAt, y, yAt);
      case 2 * 8 + 4 ->
          SimdAddingTiles.rows2Vectors4(product, row, wAt, step, x, xAt, in, inAt, y, yAt);
      case 2 * 8 + 1 ->
          SimdAddingTiles.rows2Vectors1(product, row, wAt, step, x, xAt, in, inAt, y, yAt);
      case 8 + 4 ->
          SimdAddingTiles.rows1Vectors4(product, row, wAt, step, x, xAt, in, inAt, y, yAt);
      case 8 + 1 ->
          SimdAddingTiles.rows1Vectors1(product, row, wAt, step, x, xAt, in, inAt, y, yAt);
      default -> {
        // One or two rows left over from taller blocks: two narrow tiles.
        int half = strip / 2;
        addingTile(product, row, height, half, wAt, step, x, xAt, in, inAt, y, yAt);
        int next = half * LANES;
        addingTile(product, row, height, half, wAt, step, x, xAt + next, in, inAt, y, yAt + next);
      }
    }
  }

  /** Writes {@code depth} normalised rows of {@code width} columns side by side. */
  private static void normalize(
      Normalization normalization,
      int first,
      int depth,
      float[] x,
      int xAt,
      int[] in,
      int inAt,
      float[] panel,
      int width) {
    if (width == STRIP * LANES && normalization.nonlinearity() != Nonlinearity.NONE) {
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

  // Each of these is one loop over all vectors and a method of its own: in a loop inside a loop, or
  // in a method with calls that were rare when it was compiled, vectors would be put on the heap.

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
      SimdTiles.relu(value).intoArray(panel, v * LANES);
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
      SimdTiles.sixHardSwish(value).intoArray(panel, v * LANES);
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
        SimdTiles.sixHardSwish(left).intoArray(panel, to);
        SimdTiles.sixHardSwish(right).intoArray(panel, to + LANES);
        to += STRIP * LANES;
      }
    } else {
      for (int k = 0; k < depth; k++) {
        FloatVector factor = FloatVector.broadcast(SPECIES, scale[first + k]);
        FloatVector offset = FloatVector.broadcast(SPECIES, shift[first + k]);
        int at = xAt + in[inAt + k];
        FloatVector left = FloatVector.fromArray(SPECIES, x, at).fma(factor, offset);
        FloatVector right = FloatVector.fromArray(SPECIES, x, at + LANES).fma(factor, offset);
        SimdTiles.relu(left).intoArray(panel, to);
        SimdTiles.relu(right).intoArray(panel, to + LANES);
        to += STRIP * LANES;
      }
    }
  }

  /** Does non-linearity and mask to the sums of a tile {@code width} columns wide. */
  private static void finish(
      GroupProduct product,
      int row,
      int height,
      float[] y,
      int yAt,
      int width,
      float[] mask,
      int maskAt) {
    int[] out = product.outputs();
    if (mask == null || product.weights().outputs() == Nonlinearity.NONE) {
      for (int m = row; m < row + height; m++) {
        activate(product.weights().outputs(), y, yAt + out[m], width);
        if (mask != null) {
          mask(y, yAt + out[m], width, mask, maskAt);
        }
      }
      return;
    }
    boolean six = product.weights().outputs() == Nonlinearity.SIX_HARD_SWISH;
    for (int i = 0; i < width; i += LANES) {
      FloatVector factor = FloatVector.fromArray(SPECIES, mask, maskAt + i);
      for (int m = row; m < row + height; m++) {
        int at = yAt + out[m] + i;
        FloatVector sum = FloatVector.fromArray(SPECIES, y, at);
        if (six) {
          SimdTiles.sixHardSwish(sum).mul(factor).intoArray(y, at);
        } else {
          SimdTiles.relu(sum).mul(factor).intoArray(y, at);
        }
      }
    }
  }

  private static void activate(Nonlinearity nonlinearity, float[] y, int yAt, int width) {
    if (nonlinearity == Nonlinearity.NONE) {
      return;
    }
    boolean six = nonlinearity == Nonlinearity.SIX_HARD_SWISH;
    for (int i = 0; i < width; i += LANES) {
      FloatVector sum = FloatVector.fromArray(SPECIES, y, yAt + i);
      if (six) {
        SimdTiles.sixHardSwish(sum).intoArray(y, yAt + i);
      } else {
        SimdTiles.relu(sum).intoArray(y, yAt + i);
      }
    }
  }

  private static void mask(float[] y, int yAt, int width, float[] mask, int maskAt) {
    for (int i = 0; i < width; i += LANES) {
      FloatVector.fromArray(SPECIES, y, yAt + i)
          .mul(FloatVector.fromArray(SPECIES, mask, maskAt + i))
          .intoArray(y, yAt + i);
    }
  }

  private static int[] panel(int strip, int depth) {
    int[] known = PANELS[strip];
    if (known.length >= depth) {
      return known;
    }
    int[] addresses = new int[Integer.highestOneBit(depth) * 2];
    for (int k = 0; k < addresses.length; k++) {
      addresses[k] = k * strip * LANES;
    }
    // A thread that does not see this yet makes the same table again.
    PANELS[strip] = addresses;
    return addresses;
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
    int wide = weights.blockRows();
    int part = 4 * LANES;
    for (int block = fromRow; block < toRow; block += wide) {
      int wAt = weights.indexOf(block);
      for (int row = block; row < Math.min(toRow, block + wide); row += part) {
        if (row + part <= toRow) {
          columnPart(weights, inputs, wAt + row - block, row, x, xAt, y, yAt + row);
        } else {
          for (int single = row; single < toRow; single++) {
            columnRow(weights, inputs, wAt + single - block, single, x, xAt, y, yAt + single);
          }
        }
      }
    }
  }

  /** The vector runs over rows: four vectors of sums, each weight used once. */
  private static void columnPart(
      GroupWeights weights, int[] in, int wAt, int row, float[] x, int xAt, float[] y, int yAt) {
    float[] w = weights.values();
    float[] bias = weights.bias();
    int step = weights.blockRows();
    int depth = weights.depth();
    FloatVector a0 = FloatVector.fromArray(SPECIES, bias, row);
    FloatVector a1 = FloatVector.fromArray(SPECIES, bias, row + LANES);
    FloatVector a2 = FloatVector.fromArray(SPECIES, bias, row + 2 * LANES);
    FloatVector a3 = FloatVector.fromArray(SPECIES, bias, row + 3 * LANES);
    for (int k = 0; k < depth; k++) {
      FloatVector value = FloatVector.broadcast(SPECIES, x[xAt + in[k]]);
      a0 = FloatVector.fromArray(SPECIES, w, wAt).fma(value, a0);
      a1 = FloatVector.fromArray(SPECIES, w, wAt + LANES).fma(value, a1);
      a2 = FloatVector.fromArray(SPECIES, w, wAt + 2 * LANES).fma(value, a2);
      a3 = FloatVector.fromArray(SPECIES, w, wAt + 3 * LANES).fma(value, a3);
      wAt += step;
    }
    a0.intoArray(y, yAt);
    a1.intoArray(y, yAt + LANES);
    a2.intoArray(y, yAt + 2 * LANES);
    a3.intoArray(y, yAt + 3 * LANES);
    activate(weights.outputs(), y, yAt, 4 * LANES);
  }

  /** One row alone, added up in the order of the vectors so that the bits are the same. */
  private static void columnRow(
      GroupWeights weights, int[] in, int wAt, int row, float[] x, int xAt, float[] y, int yAt) {
    float sum = weights.bias()[row];
    for (int k = 0; k < weights.depth(); k++) {
      sum = Math.fma(weights.values()[wAt + k * weights.blockRows()], x[xAt + in[k]], sum);
    }
    y[yAt] = weights.outputs().of(sum);
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
    if (columns < LANES
        || normalization != null && normalization.nonlinearity() == Nonlinearity.SIX_HARD_SWISH) {
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
    for (int row = fromRow; row < toRow; row += 4) {
      meansOfFour(
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
          yStep);
    }
  }

  /**
   * Averages four rows, or the last one several times where there are fewer. Too long to become
   * part of the loop around it, in which its sums would be put on the heap.
   */
  private static void meansOfFour(
      Normalization normalization,
      int row,
      int last,
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
    int row1 = Math.min(last, row + 1);
    int row2 = Math.min(last, row + 2);
    int row3 = Math.min(last, row + 3);
    boolean relu = normalization != null && normalization.nonlinearity() == Nonlinearity.RELU;
    // Bits of a float below which nothing may be: 0, or nothing.
    int least = relu ? 0 : Integer.MIN_VALUE;
    FloatVector scale0 = scale(normalization, row);
    FloatVector scale1 = scale(normalization, row1);
    FloatVector scale2 = scale(normalization, row2);
    FloatVector scale3 = scale(normalization, row3);
    FloatVector shift0 = shift(normalization, row);
    FloatVector shift1 = shift(normalization, row1);
    FloatVector shift2 = shift(normalization, row2);
    FloatVector shift3 = shift(normalization, row3);
    FloatVector sum0 = FloatVector.zero(SPECIES);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    int whole = columns / LANES * LANES;
    for (int i = 0; i < whole; i += LANES) {
      FloatVector passes = FloatVector.fromArray(SPECIES, mask, maskAt + i);
      FloatVector x0 = FloatVector.fromArray(SPECIES, x, xAt + row * stride + i);
      FloatVector x1 = FloatVector.fromArray(SPECIES, x, xAt + row1 * stride + i);
      FloatVector x2 = FloatVector.fromArray(SPECIES, x, xAt + row2 * stride + i);
      FloatVector x3 = FloatVector.fromArray(SPECIES, x, xAt + row3 * stride + i);
      sum0 = atLeast(x0.fma(scale0, shift0), least).fma(passes, sum0);
      sum1 = atLeast(x1.fma(scale1, shift1), least).fma(passes, sum1);
      sum2 = atLeast(x2.fma(scale2, shift2), least).fma(passes, sum2);
      sum3 = atLeast(x3.fma(scale3, shift3), least).fma(passes, sum3);
    }
    float total0 = sum0.reduceLanes(VectorOperators.ADD);
    float total1 = sum1.reduceLanes(VectorOperators.ADD);
    float total2 = sum2.reduceLanes(VectorOperators.ADD);
    float total3 = sum3.reduceLanes(VectorOperators.ADD);
    for (int i = whole; i < columns; i++) {
      float passes = mask[maskAt + i];
      total0 += passes * ScalarKernels.normalized(normalization, row, x[xAt + row * stride + i]);
      total1 += passes * ScalarKernels.normalized(normalization, row1, x[xAt + row1 * stride + i]);
      total2 += passes * ScalarKernels.normalized(normalization, row2, x[xAt + row2 * stride + i]);
      total3 += passes * ScalarKernels.normalized(normalization, row3, x[xAt + row3 * stride + i]);
    }
    y[yAt + row * yStep] = factor * total0;
    y[yAt + row1 * yStep] = factor * total1;
    y[yAt + row2 * yStep] = factor * total2;
    y[yAt + row3 * yStep] = factor * total3;
  }

  private static FloatVector scale(Normalization normalization, int row) {
    return FloatVector.broadcast(SPECIES, normalization == null ? 1 : normalization.scale()[row]);
  }

  private static FloatVector shift(Normalization normalization, int row) {
    return FloatVector.broadcast(SPECIES, normalization == null ? 0 : normalization.shift()[row]);
  }

  private static FloatVector atLeast(FloatVector value, int bits) {
    return value.reinterpretAsInts().max(bits).reinterpretAsFloats();
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
    if (width < LANES) {
      // Half a vector would do for half of these. But once a program has vectors of two widths, the
      // compiler cannot tell any more which one a sum is, and puts sums on the heap.
      rest.average2x2(x, xAt, xPitch, y, yAt, yPitch, height, width);
      return;
    }
    for (int row = 0; row < height; row++) {
      int in = xAt + 2 * row * xPitch;
      int out = yAt + row * yPitch;
      for (int next = 0; next < width; next += LANES) {
        // The last vector of a row begins earlier and does some columns twice.
        int i = Math.min(next, width - LANES);
        // Two vectors of column sums, of which neighbours are added.
        FloatVector low =
            FloatVector.fromArray(SPECIES, x, in + 2 * i)
                .add(FloatVector.fromArray(SPECIES, x, in + xPitch + 2 * i));
        FloatVector high =
            FloatVector.fromArray(SPECIES, x, in + 2 * i + LANES)
                .add(FloatVector.fromArray(SPECIES, x, in + xPitch + 2 * i + LANES));
        FloatVector even = low.rearrange(EVEN).blend(high.rearrange(EVEN), UPPER_HALF);
        FloatVector odd = low.rearrange(ODD).blend(high.rearrange(ODD), UPPER_HALF);
        even.add(odd).mul(0.25f).intoArray(y, out + i);
      }
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
      finite = spoilt.reduceLanes(VectorOperators.ADD) == 0;
    }
    boolean restFinite = rest.copyEvery(step, x, xAt + step * done, y, yAt + done, count - done);
    return finite && restFinite;
  }
}
