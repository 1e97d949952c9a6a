package io.github.condensenet4j.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tiles of 3×3 convolutions for groups of one or two outputs: four rows of the image high and two
 * vectors or one wide.
 *
 * <p>Where few outputs share an input, nine loads of it, most of them across two cache lines, take
 * longer than what is done with them. Rows of a tile share these loads: four rows need 18 where
 * tiles of {@link SimdTiles} need 36. Sums add up in the same order, so the bits are the same.
 *
 * <p>As there, tiles and inputs are one loop, and parameters have the same meaning. Strips lie one
 * below the other, tiles side by side in each of them, the last as far right as fits: what two
 * tiles both compute is the same. Where a strip is narrower than a tile, what is too much belongs
 * to the next row.
 */
final class SimdStrips {

  private static final VectorSpecies<Float> SPECIES = SimdVectors.SPECIES;
  private static final int LANES = SimdVectors.LANES;

  /** Rows of a strip. */
  static final int ROWS = 4;

  private SimdStrips() {}

  /** Returns the columns of a tile, for groups of one or two outputs. */
  static int width(int outputs) {
    return outputs == 1 ? 2 * LANES : LANES;
  }

  /** Computes four rows of one output. */
  static void oneOutput(
      GroupProduct product,
      int row,
      int strips,
      int wAt,
      int step,
      float[] x,
      int xAt,
      int[] in,
      int inAt,
      float[] y,
      int yAt) {
    GroupWeights weights = product.weights();
    float[] w = weights.values();
    int channels = weights.depth() / 9;
    int pitch = product.rowPitch();
    int width = width(1);
    int last = Math.max(0, pitch - width);
    int tiles = strips * ((pitch + width - 1) / width);
    FloatVector b0 = FloatVector.broadcast(SPECIES, weights.bias()[row]);
    int y0 = yAt + product.outputs()[row];
    FloatVector a00 = b0;
    FloatVector a01 = b0;
    int y1 = yAt + product.outputs()[row] + pitch;
    FloatVector a10 = b0;
    FloatVector a11 = b0;
    int y2 = yAt + product.outputs()[row] + 2 * pitch;
    FloatVector a20 = b0;
    FloatVector a21 = b0;
    int y3 = yAt + product.outputs()[row] + 3 * pitch;
    FloatVector a30 = b0;
    FloatVector a31 = b0;
    int k = 0;
    int wNow = wAt;
    int column = 0;
    int at = 0;
    for (int left = tiles * channels; left > 0; left--) {
      int row0 = xAt + at + in[inAt + 9 * k];
      int row1 = row0 + pitch;
      int row2 = row1 + pitch;
      int row3 = row2 + pitch;
      int row4 = row3 + pitch;
      int row5 = row4 + pitch;
      FloatVector w0 = FloatVector.broadcast(SPECIES, w[wNow]);
      FloatVector w1 = FloatVector.broadcast(SPECIES, w[wNow + step]);
      FloatVector w2 = FloatVector.broadcast(SPECIES, w[wNow + 2 * step]);
      FloatVector w3 = FloatVector.broadcast(SPECIES, w[wNow + 3 * step]);
      FloatVector w4 = FloatVector.broadcast(SPECIES, w[wNow + 4 * step]);
      FloatVector w5 = FloatVector.broadcast(SPECIES, w[wNow + 5 * step]);
      FloatVector w6 = FloatVector.broadcast(SPECIES, w[wNow + 6 * step]);
      FloatVector w7 = FloatVector.broadcast(SPECIES, w[wNow + 7 * step]);
      FloatVector w8 = FloatVector.broadcast(SPECIES, w[wNow + 8 * step]);
      FloatVector x0a0 = FloatVector.fromArray(SPECIES, x, row0);
      a00 = x0a0.fma(w0, a00);
      FloatVector x0b0 = FloatVector.fromArray(SPECIES, x, row0 + 1);
      a00 = x0b0.fma(w1, a00);
      FloatVector x0c0 = FloatVector.fromArray(SPECIES, x, row0 + 2);
      a00 = x0c0.fma(w2, a00);
      FloatVector x0a1 = FloatVector.fromArray(SPECIES, x, row0 + LANES);
      a01 = x0a1.fma(w0, a01);
      FloatVector x0b1 = FloatVector.fromArray(SPECIES, x, row0 + LANES + 1);
      a01 = x0b1.fma(w1, a01);
      FloatVector x0c1 = FloatVector.fromArray(SPECIES, x, row0 + LANES + 2);
      a01 = x0c1.fma(w2, a01);
      FloatVector x1a0 = FloatVector.fromArray(SPECIES, x, row1);
      a00 = x1a0.fma(w3, a00);
      a10 = x1a0.fma(w0, a10);
      FloatVector x1b0 = FloatVector.fromArray(SPECIES, x, row1 + 1);
      a00 = x1b0.fma(w4, a00);
      a10 = x1b0.fma(w1, a10);
      FloatVector x1c0 = FloatVector.fromArray(SPECIES, x, row1 + 2);
      a00 = x1c0.fma(w5, a00);
      a10 = x1c0.fma(w2, a10);
      FloatVector x1a1 = FloatVector.fromArray(SPECIES, x, row1 + LANES);
      a01 = x1a1.fma(w3, a01);
      a11 = x1a1.fma(w0, a11);
      FloatVector x1b1 = FloatVector.fromArray(SPECIES, x, row1 + LANES + 1);
      a01 = x1b1.fma(w4, a01);
      a11 = x1b1.fma(w1, a11);
      FloatVector x1c1 = FloatVector.fromArray(SPECIES, x, row1 + LANES + 2);
      a01 = x1c1.fma(w5, a01);
      a11 = x1c1.fma(w2, a11);
      FloatVector x2a0 = FloatVector.fromArray(SPECIES, x, row2);
      a00 = x2a0.fma(w6, a00);
      a10 = x2a0.fma(w3, a10);
      a20 = x2a0.fma(w0, a20);
      FloatVector x2b0 = FloatVector.fromArray(SPECIES, x, row2 + 1);
      a00 = x2b0.fma(w7, a00);
      a10 = x2b0.fma(w4, a10);
      a20 = x2b0.fma(w1, a20);
      FloatVector x2c0 = FloatVector.fromArray(SPECIES, x, row2 + 2);
      a00 = x2c0.fma(w8, a00);
      a10 = x2c0.fma(w5, a10);
      a20 = x2c0.fma(w2, a20);
      FloatVector x2a1 = FloatVector.fromArray(SPECIES, x, row2 + LANES);
      a01 = x2a1.fma(w6, a01);
      a11 = x2a1.fma(w3, a11);
      a21 = x2a1.fma(w0, a21);
      FloatVector x2b1 = FloatVector.fromArray(SPECIES, x, row2 + LANES + 1);
      a01 = x2b1.fma(w7, a01);
      a11 = x2b1.fma(w4, a11);
      a21 = x2b1.fma(w1, a21);
      FloatVector x2c1 = FloatVector.fromArray(SPECIES, x, row2 + LANES + 2);
      a01 = x2c1.fma(w8, a01);
      a11 = x2c1.fma(w5, a11);
      a21 = x2c1.fma(w2, a21);
      FloatVector x3a0 = FloatVector.fromArray(SPECIES, x, row3);
      a10 = x3a0.fma(w6, a10);
      a20 = x3a0.fma(w3, a20);
      a30 = x3a0.fma(w0, a30);
      FloatVector x3b0 = FloatVector.fromArray(SPECIES, x, row3 + 1);
      a10 = x3b0.fma(w7, a10);
      a20 = x3b0.fma(w4, a20);
      a30 = x3b0.fma(w1, a30);
      FloatVector x3c0 = FloatVector.fromArray(SPECIES, x, row3 + 2);
      a10 = x3c0.fma(w8, a10);
      a20 = x3c0.fma(w5, a20);
      a30 = x3c0.fma(w2, a30);
      FloatVector x3a1 = FloatVector.fromArray(SPECIES, x, row3 + LANES);
      a11 = x3a1.fma(w6, a11);
      a21 = x3a1.fma(w3, a21);
      a31 = x3a1.fma(w0, a31);
      FloatVector x3b1 = FloatVector.fromArray(SPECIES, x, row3 + LANES + 1);
      a11 = x3b1.fma(w7, a11);
      a21 = x3b1.fma(w4, a21);
      a31 = x3b1.fma(w1, a31);
      FloatVector x3c1 = FloatVector.fromArray(SPECIES, x, row3 + LANES + 2);
      a11 = x3c1.fma(w8, a11);
      a21 = x3c1.fma(w5, a21);
      a31 = x3c1.fma(w2, a31);
      FloatVector x4a0 = FloatVector.fromArray(SPECIES, x, row4);
      a20 = x4a0.fma(w6, a20);
      a30 = x4a0.fma(w3, a30);
      FloatVector x4b0 = FloatVector.fromArray(SPECIES, x, row4 + 1);
      a20 = x4b0.fma(w7, a20);
      a30 = x4b0.fma(w4, a30);
      FloatVector x4c0 = FloatVector.fromArray(SPECIES, x, row4 + 2);
      a20 = x4c0.fma(w8, a20);
      a30 = x4c0.fma(w5, a30);
      FloatVector x4a1 = FloatVector.fromArray(SPECIES, x, row4 + LANES);
      a21 = x4a1.fma(w6, a21);
      a31 = x4a1.fma(w3, a31);
      FloatVector x4b1 = FloatVector.fromArray(SPECIES, x, row4 + LANES + 1);
      a21 = x4b1.fma(w7, a21);
      a31 = x4b1.fma(w4, a31);
      FloatVector x4c1 = FloatVector.fromArray(SPECIES, x, row4 + LANES + 2);
      a21 = x4c1.fma(w8, a21);
      a31 = x4c1.fma(w5, a31);
      FloatVector x5a0 = FloatVector.fromArray(SPECIES, x, row5);
      a30 = x5a0.fma(w6, a30);
      FloatVector x5b0 = FloatVector.fromArray(SPECIES, x, row5 + 1);
      a30 = x5b0.fma(w7, a30);
      FloatVector x5c0 = FloatVector.fromArray(SPECIES, x, row5 + 2);
      a30 = x5c0.fma(w8, a30);
      FloatVector x5a1 = FloatVector.fromArray(SPECIES, x, row5 + LANES);
      a31 = x5a1.fma(w6, a31);
      FloatVector x5b1 = FloatVector.fromArray(SPECIES, x, row5 + LANES + 1);
      a31 = x5b1.fma(w7, a31);
      FloatVector x5c1 = FloatVector.fromArray(SPECIES, x, row5 + LANES + 2);
      a31 = x5c1.fma(w8, a31);
      wNow += 9 * step;
      k++;
      if (k == channels) {
        a00.intoArray(y, y0 + at);
        a01.intoArray(y, y0 + at + LANES);
        a10.intoArray(y, y1 + at);
        a11.intoArray(y, y1 + at + LANES);
        a20.intoArray(y, y2 + at);
        a21.intoArray(y, y2 + at + LANES);
        a30.intoArray(y, y3 + at);
        a31.intoArray(y, y3 + at + LANES);
        a00 = b0;
        a01 = b0;
        a10 = b0;
        a11 = b0;
        a20 = b0;
        a21 = b0;
        a30 = b0;
        a31 = b0;
        k = 0;
        wNow = wAt;
        if (column == last) {
          at += 4 * pitch - last;
          column = 0;
        } else {
          int next = Math.min(column + width, last);
          at += next - column;
          column = next;
        }
      }
    }
  }

  /** Computes four rows of two outputs. */
  static void twoOutputs(
      GroupProduct product,
      int row,
      int strips,
      int wAt,
      int step,
      float[] x,
      int xAt,
      int[] in,
      int inAt,
      float[] y,
      int yAt) {
    GroupWeights weights = product.weights();
    float[] w = weights.values();
    int channels = weights.depth() / 9;
    int pitch = product.rowPitch();
    int width = width(2);
    int last = Math.max(0, pitch - width);
    int tiles = strips * ((pitch + width - 1) / width);
    FloatVector b0 = FloatVector.broadcast(SPECIES, weights.bias()[row]);
    int y00 = yAt + product.outputs()[row];
    FloatVector a000 = b0;
    int y01 = yAt + product.outputs()[row] + pitch;
    FloatVector a010 = b0;
    int y02 = yAt + product.outputs()[row] + 2 * pitch;
    FloatVector a020 = b0;
    int y03 = yAt + product.outputs()[row] + 3 * pitch;
    FloatVector a030 = b0;
    FloatVector b1 = FloatVector.broadcast(SPECIES, weights.bias()[row + 1]);
    int y10 = yAt + product.outputs()[row + 1];
    FloatVector a100 = b1;
    int y11 = yAt + product.outputs()[row + 1] + pitch;
    FloatVector a110 = b1;
    int y12 = yAt + product.outputs()[row + 1] + 2 * pitch;
    FloatVector a120 = b1;
    int y13 = yAt + product.outputs()[row + 1] + 3 * pitch;
    FloatVector a130 = b1;
    int k = 0;
    int wNow = wAt;
    int column = 0;
    int at = 0;
    for (int left = tiles * channels; left > 0; left--) {
      int row0 = xAt + at + in[inAt + 9 * k];
      int row1 = row0 + pitch;
      int row2 = row1 + pitch;
      int row3 = row2 + pitch;
      int row4 = row3 + pitch;
      int row5 = row4 + pitch;
      FloatVector x0a = FloatVector.fromArray(SPECIES, x, row0);
      FloatVector w0m = FloatVector.broadcast(SPECIES, w[wNow]);
      a000 = x0a.fma(w0m, a000);
      FloatVector w0n = FloatVector.broadcast(SPECIES, w[wNow + 1]);
      a100 = x0a.fma(w0n, a100);
      FloatVector x0b = FloatVector.fromArray(SPECIES, x, row0 + 1);
      FloatVector w1m = FloatVector.broadcast(SPECIES, w[wNow + step]);
      a000 = x0b.fma(w1m, a000);
      FloatVector w1n = FloatVector.broadcast(SPECIES, w[wNow + step + 1]);
      a100 = x0b.fma(w1n, a100);
      FloatVector x0c = FloatVector.fromArray(SPECIES, x, row0 + 2);
      FloatVector w2m = FloatVector.broadcast(SPECIES, w[wNow + 2 * step]);
      a000 = x0c.fma(w2m, a000);
      FloatVector w2n = FloatVector.broadcast(SPECIES, w[wNow + 2 * step + 1]);
      a100 = x0c.fma(w2n, a100);
      FloatVector x1a = FloatVector.fromArray(SPECIES, x, row1);
      FloatVector w3m = FloatVector.broadcast(SPECIES, w[wNow + 3 * step]);
      a000 = x1a.fma(w3m, a000);
      FloatVector w3n = FloatVector.broadcast(SPECIES, w[wNow + 3 * step + 1]);
      a100 = x1a.fma(w3n, a100);
      a010 = x1a.fma(w0m, a010);
      a110 = x1a.fma(w0n, a110);
      FloatVector x1b = FloatVector.fromArray(SPECIES, x, row1 + 1);
      FloatVector w4m = FloatVector.broadcast(SPECIES, w[wNow + 4 * step]);
      a000 = x1b.fma(w4m, a000);
      FloatVector w4n = FloatVector.broadcast(SPECIES, w[wNow + 4 * step + 1]);
      a100 = x1b.fma(w4n, a100);
      a010 = x1b.fma(w1m, a010);
      a110 = x1b.fma(w1n, a110);
      FloatVector x1c = FloatVector.fromArray(SPECIES, x, row1 + 2);
      FloatVector w5m = FloatVector.broadcast(SPECIES, w[wNow + 5 * step]);
      a000 = x1c.fma(w5m, a000);
      FloatVector w5n = FloatVector.broadcast(SPECIES, w[wNow + 5 * step + 1]);
      a100 = x1c.fma(w5n, a100);
      a010 = x1c.fma(w2m, a010);
      a110 = x1c.fma(w2n, a110);
      FloatVector x2a = FloatVector.fromArray(SPECIES, x, row2);
      FloatVector w6m = FloatVector.broadcast(SPECIES, w[wNow + 6 * step]);
      a000 = x2a.fma(w6m, a000);
      FloatVector w6n = FloatVector.broadcast(SPECIES, w[wNow + 6 * step + 1]);
      a100 = x2a.fma(w6n, a100);
      a010 = x2a.fma(w3m, a010);
      a110 = x2a.fma(w3n, a110);
      a020 = x2a.fma(w0m, a020);
      a120 = x2a.fma(w0n, a120);
      FloatVector x2b = FloatVector.fromArray(SPECIES, x, row2 + 1);
      FloatVector w7m = FloatVector.broadcast(SPECIES, w[wNow + 7 * step]);
      a000 = x2b.fma(w7m, a000);
      FloatVector w7n = FloatVector.broadcast(SPECIES, w[wNow + 7 * step + 1]);
      a100 = x2b.fma(w7n, a100);
      a010 = x2b.fma(w4m, a010);
      a110 = x2b.fma(w4n, a110);
      a020 = x2b.fma(w1m, a020);
      a120 = x2b.fma(w1n, a120);
      FloatVector x2c = FloatVector.fromArray(SPECIES, x, row2 + 2);
      FloatVector w8m = FloatVector.broadcast(SPECIES, w[wNow + 8 * step]);
      a000 = x2c.fma(w8m, a000);
      FloatVector w8n = FloatVector.broadcast(SPECIES, w[wNow + 8 * step + 1]);
      a100 = x2c.fma(w8n, a100);
      a010 = x2c.fma(w5m, a010);
      a110 = x2c.fma(w5n, a110);
      a020 = x2c.fma(w2m, a020);
      a120 = x2c.fma(w2n, a120);
      FloatVector x3a = FloatVector.fromArray(SPECIES, x, row3);
      a010 = x3a.fma(w6m, a010);
      a110 = x3a.fma(w6n, a110);
      a020 = x3a.fma(w3m, a020);
      a120 = x3a.fma(w3n, a120);
      a030 = x3a.fma(w0m, a030);
      a130 = x3a.fma(w0n, a130);
      FloatVector x3b = FloatVector.fromArray(SPECIES, x, row3 + 1);
      a010 = x3b.fma(w7m, a010);
      a110 = x3b.fma(w7n, a110);
      a020 = x3b.fma(w4m, a020);
      a120 = x3b.fma(w4n, a120);
      a030 = x3b.fma(w1m, a030);
      a130 = x3b.fma(w1n, a130);
      FloatVector x3c = FloatVector.fromArray(SPECIES, x, row3 + 2);
      a010 = x3c.fma(w8m, a010);
      a110 = x3c.fma(w8n, a110);
      a020 = x3c.fma(w5m, a020);
      a120 = x3c.fma(w5n, a120);
      a030 = x3c.fma(w2m, a030);
      a130 = x3c.fma(w2n, a130);
      FloatVector x4a = FloatVector.fromArray(SPECIES, x, row4);
      a020 = x4a.fma(w6m, a020);
      a120 = x4a.fma(w6n, a120);
      a030 = x4a.fma(w3m, a030);
      a130 = x4a.fma(w3n, a130);
      FloatVector x4b = FloatVector.fromArray(SPECIES, x, row4 + 1);
      a020 = x4b.fma(w7m, a020);
      a120 = x4b.fma(w7n, a120);
      a030 = x4b.fma(w4m, a030);
      a130 = x4b.fma(w4n, a130);
      FloatVector x4c = FloatVector.fromArray(SPECIES, x, row4 + 2);
      a020 = x4c.fma(w8m, a020);
      a120 = x4c.fma(w8n, a120);
      a030 = x4c.fma(w5m, a030);
      a130 = x4c.fma(w5n, a130);
      FloatVector x5a = FloatVector.fromArray(SPECIES, x, row5);
      a030 = x5a.fma(w6m, a030);
      a130 = x5a.fma(w6n, a130);
      FloatVector x5b = FloatVector.fromArray(SPECIES, x, row5 + 1);
      a030 = x5b.fma(w7m, a030);
      a130 = x5b.fma(w7n, a130);
      FloatVector x5c = FloatVector.fromArray(SPECIES, x, row5 + 2);
      a030 = x5c.fma(w8m, a030);
      a130 = x5c.fma(w8n, a130);
      wNow += 9 * step;
      k++;
      if (k == channels) {
        a000.intoArray(y, y00 + at);
        a010.intoArray(y, y01 + at);
        a020.intoArray(y, y02 + at);
        a030.intoArray(y, y03 + at);
        a100.intoArray(y, y10 + at);
        a110.intoArray(y, y11 + at);
        a120.intoArray(y, y12 + at);
        a130.intoArray(y, y13 + at);
        a000 = b0;
        a010 = b0;
        a020 = b0;
        a030 = b0;
        a100 = b1;
        a110 = b1;
        a120 = b1;
        a130 = b1;
        k = 0;
        wNow = wAt;
        if (column == last) {
          at += 4 * pitch - last;
          column = 0;
        } else {
          int next = Math.min(column + width, last);
          at += next - column;
          column = next;
        }
      }
    }
  }
}
