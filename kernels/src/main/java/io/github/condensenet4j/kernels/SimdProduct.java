package io.github.condensenet4j.kernels;

import java.util.Locale;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of one group of weights with as many columns as fill vectors.
 *
 * <p>It goes over the columns in strips of one, two or four vectors. In each strip it normalises
 * the inputs into scratch once ({@link SimdPanel}; they stay in the first-level cache), then
 * multiplies block after block of weights with them ({@link SimdTiles}), then does the outputs'
 * non-linearity while they are still near.
 */
final class SimdProduct {

  private static final VectorSpecies<Float> SPECIES = SimdVectors.SPECIES;
  private static final int LANES = SimdVectors.LANES;

  /** Vectors of a strip where few rows share an input, so that sums still fill the registers. */
  static final int WIDE_STRIP = 4;

  /** Vectors of the usual strip. */
  static final int STRIP = 2;

  /** Sums that the registers hold: AVX-512 and NEON have 32 registers, AVX and SSE 16. */
  private static final int SUMS = LANES == 16 || isArm() ? 16 : 8;

  private SimdProduct() {}

  private static boolean isArm() {
    return System.getProperty("os.arch", "").toLowerCase(Locale.ROOT).startsWith("aarch64");
  }

  /** Returns the floats of scratch that {@link #group} needs. */
  static int scratchLength(GroupWeights weights) {
    return weights.inputs() == null ? 0 : weights.depth() * WIDE_STRIP * LANES;
  }

  private static int widestStrip(GroupWeights weights) {
    return weights.isWide() || weights.rows() >= SUMS / STRIP ? STRIP : WIDE_STRIP;
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
        SimdPanel.normalize(
            weights.inputs(), group * depth, depth, x, sourceAt, in, inAt, scratch, strip * LANES);
        source = scratch;
        sourceAt = 0;
        in = SimdPanel.addresses(strip, depth);
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
            SimdNormalizingTiles.tile(
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
            SimdAddingTiles.tile(
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
            SimdTiles.tile(
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
        SimdVectors.activate(product.weights().outputs(), y, yAt + out[m], width);
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
          SimdVectors.sixHardSwish(sum).mul(factor).intoArray(y, at);
        } else {
          SimdVectors.relu(sum).mul(factor).intoArray(y, at);
        }
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
}
