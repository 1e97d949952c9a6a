package io.github.condensenet4j.kernels;

import java.util.Arrays;
import java.util.Locale;

/**
 * Products of one group of weights with as many columns as fill vectors.
 *
 * <p>It goes over the columns in chunks whose inputs stay in the nearer caches. In each it
 * normalises the inputs into scratch once ({@link SimdPanel}), then multiplies block after block of
 * weights with them ({@link SimdTiles}). The wider a chunk, the less it weighs that every block
 * starts anew; so few inputs make wide chunks.
 */
final class SimdProduct {

  private static final int LANES = SimdVectors.LANES;

  /** AVX-512 and NEON have 32 registers, AVX and SSE 16. */
  private static final boolean HAS_MANY_REGISTERS = LANES == 16 || isArm();

  /** What the normalised inputs of a chunk may take of the second-level cache: 64 KB. */
  private static final int PANEL_FLOATS = 16_384;

  /** The widest chunk: tiles of two, three and four vectors fill it, however long these are. */
  private static final int WIDEST_CHUNK = 768;

  /** Chunks of inputs that are taken as they are, and of which neighbours share the most. */
  private static final int PLAIN_CHUNK = 384;

  private static final float[] NO_MASK = new float[WIDEST_CHUNK];

  static {
    Arrays.fill(NO_MASK, 1);
  }

  private SimdProduct() {}

  private static boolean isArm() {
    return System.getProperty("os.arch", "").toLowerCase(Locale.ROOT).startsWith("aarch64");
  }

  /** Returns the floats of scratch that {@link #group} needs. */
  static int scratchLength(GroupWeights weights) {
    return weights.inputs() == null ? 0 : weights.depth() * chunk(weights);
  }

  private static int chunk(GroupWeights weights) {
    if (weights.inputs() == null) {
      return PLAIN_CHUNK;
    }
    int fitting = Math.min(WIDEST_CHUNK, PANEL_FLOATS / weights.depth());
    // Filled by the tiles of most rows: three vectors wide for eight, four for fewer.
    int unit = fitting >= 192 ? 192 : weights.rows() >= 8 ? 48 : 64;
    return Math.max(1, fitting / unit) * unit;
  }

  /** Multiplies rows {@code from} to {@code to} of one group; {@code columns} fill vectors. */
  static void group(
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
    int chunk = chunk(weights);
    boolean normalizes = weights.inputs() != null;
    boolean inTiles = normalizes && !product.accumulates() && normalizesInTiles(weights);
    float[] source = x;
    int[] in = product.inputs();
    int inAt = product.inputsAt(group);
    if (normalizes && !inTiles) {
      source = scratch;
      in = SimdPanel.addresses(chunk, depth);
      inAt = 0;
    }
    int start = mask == null ? strips(product, group, from, to, x, xAt, y, yAt, columns) : 0;
    boolean unmasked = mask == null && weights.outputs() != Nonlinearity.NONE;
    for (int column = start; column < columns; column += chunk) {
      int width = Math.min(chunk, columns - column);
      int sourceAt = xAt + product.shift(group) + column;
      if (normalizes && !inTiles) {
        SimdPanel.normalize(
            weights.inputs(),
            group * depth,
            depth,
            x,
            sourceAt,
            product.inputs(),
            product.inputsAt(group),
            scratch,
            chunk,
            width);
        sourceAt = 0;
      }
      float[] factors = unmasked ? NO_MASK : mask;
      int factorsAt = unmasked ? 0 : maskAt + column;
      int blockRows;
      for (int block = from; block < to; block += blockRows) {
        blockRows = weights.width(block);
        int wAt = weights.blockAt(group, block);
        int end = Math.min(to - block, blockRows);
        int height;
        for (int row = 0; row < end; row += height) {
          height = Math.min(8, Integer.highestOneBit(end - row));
          tiles(
              product,
              inTiles,
              group,
              block + row,
              height,
              width / LANES,
              wAt + row,
              blockRows,
              source,
              sourceAt,
              in,
              inAt,
              y,
              yAt + column,
              factors,
              factorsAt);
        }
      }
    }
  }

  /**
   * Does as many columns of a 3×3 convolution as are worth it in strips of several rows.
   *
   * @return where to go on, a multiple of the lanes
   */
  private static int strips(
      GroupProduct product,
      int group,
      int from,
      int to,
      float[] x,
      int xAt,
      float[] y,
      int yAt,
      int columns) {
    GroupWeights weights = product.weights();
    int outputs = weights.rows();
    int pitch = product.rowPitch();
    if (pitch < LANES
        || outputs > 2
        || to - from != outputs
        || weights.inputs() != null
        || weights.outputs() != Nonlinearity.NONE
        || product.accumulates()
        || !HAS_MANY_REGISTERS) {
      return 0;
    }
    int strip = SimdStrips.ROWS * pitch;
    // The last row of the last strip may be narrower than a tile, which must end within the
    // columns.
    int strips = Math.max(0, (columns - Math.max(0, SimdStrips.width(outputs) - pitch)) / strip);
    int row = group * outputs;
    int wAt = weights.blockAt(group, 0);
    int step = weights.width(0);
    int sourceAt = xAt + product.shift(group);
    int inAt = product.inputsAt(group);
    if (outputs == 1) {
      SimdStrips.oneOutput(
          product, row, strips, wAt, step, x, sourceAt, product.inputs(), inAt, y, yAt);
    } else {
      SimdStrips.twoOutputs(
          product, row, strips, wAt, step, x, sourceAt, product.inputs(), inAt, y, yAt);
    }
    return strips * strip / LANES * LANES;
  }

  /**
   * Tells whether it is cheaper to normalise the inputs in every tile anew than to keep them: with
   * ReLU, if there are one or two tiles. Tiles for that have four or eight rows.
   */
  private static boolean normalizesInTiles(GroupWeights weights) {
    return weights.rows() % 4 == 0
        && weights.rows() <= 8
        && weights.inputs().nonlinearity() == Nonlinearity.RELU;
  }

  /** Covers {@code vectors} vectors of {@code height} rows with tiles, the widest first. */
  private static void tiles(
      GroupProduct product,
      boolean inTiles,
      int group,
      int row,
      int height,
      int vectors,
      int wAt,
      int step,
      float[] x,
      int xAt,
      int[] in,
      int inAt,
      float[] y,
      int yAt,
      float[] mask,
      int maskAt) {
    GroupWeights weights = product.weights();
    int output = group * weights.rows() + row;
    int first = group * weights.depth();
    int done = 0;
    while (done < vectors) {
      int width = tileWidth(height, vectors - done, inTiles || product.accumulates());
      int strips = strips(width, vectors - done);
      int at = done * LANES;
      if (inTiles) {
        SimdNormalizingTiles.tiles(
            height, width, product, output, strips, wAt, step, x, xAt + at, in, inAt, y, yAt + at,
            first);
      } else if (product.accumulates()) {
        SimdAddingTiles.tiles(
            height, width, product, output, strips, wAt, step, x, xAt + at, in, inAt, y, yAt + at);
      } else {
        SimdTiles.tiles(
            height, width, product, output, strips, wAt, step, x, xAt + at, in, inAt, y, yAt + at);
      }
      done += width * strips;
    }
    if (mask != null && !product.accumulates()) {
      finish(product, output, height, y, yAt, vectors * LANES, mask, maskAt);
    }
  }

  /** Does non-linearity and mask to sums {@code width} columns wide. */
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
    int end = row + height;
    switch (product.weights().outputs()) {
      case NONE -> SimdVectors.mask(y, yAt, out, row, end, width, mask, maskAt);
      case RELU -> SimdVectors.relu(y, yAt, out, row, end, width, mask, maskAt);
      case SIX_HARD_SWISH -> SimdVectors.sixHardSwish(y, yAt, out, row, end, width, mask, maskAt);
    }
  }

  /** Returns the vectors of the widest tile for which there are registers and columns. */
  private static int tileWidth(int height, int vectors, boolean narrow) {
    int widest =
        switch (height) {
          case 8 -> HAS_MANY_REGISTERS ? (narrow ? 2 : 3) : 1;
          case 4 -> HAS_MANY_REGISTERS ? 4 : 2;
          default -> 4;
        };
    if (widest == 3) {
      // Twice two rather than three and one.
      return vectors >= 3 && vectors != 4 ? 3 : Math.min(2, vectors);
    }
    if (vectors >= widest) {
      return widest;
    }
    // Rows below four have tiles of one vector beside those of four.
    return height < 4 ? 1 : Integer.highestOneBit(vectors);
  }

  /** Returns how many tiles of {@code width} vectors stand side by side. */
  private static int strips(int width, int vectors) {
    int strips = vectors / width;
    return width == 3 && vectors % 3 == 1 ? strips - 1 : strips;
  }
}
