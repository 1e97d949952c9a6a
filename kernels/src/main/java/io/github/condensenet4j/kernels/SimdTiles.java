package io.github.condensenet4j.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost loops of a product: a tile of {@code y}, some rows high and some vectors wide,
 * stays in registers while all inputs pass by.
 *
 * <p>Every method computes {@code y[m][i] = bias[m] + Σ_k w[m][k] · x[k][i]} for some tiles side by
 * side. The vector runs over columns {@code i}; each input is loaded once for all rows and each
 * weight is spread over a vector once for all columns. Twenty-four sums fill the 32 registers of
 * AVX-512 and NEON together with their operands, eight the 16 of AVX2. There is one method a size,
 * with every sum a local variable of its own: registers have no index.
 *
 * <p>Tiles and inputs are one loop, not two: where few inputs make an output, starting a method or
 * an inner loop for each tile takes longer than its sums, and sums that pass through two loops are
 * objects on the heap in Java 17. Only what runs for every input stands in the loop beside loads
 * and stores: non-linearities of the sums, which run once a tile, the compiler does not inline
 * there.
 *
 * <p>Parameters: {@code row} is the first output, {@code wAt} the place of its first weight, {@code
 * step} the distance to the weights of the next input; input {@code k} starts at {@code x[xAt +
 * in[inAt + k]]}, output {@code m} at {@code y[yAt + outputs[row + m]]}.
 */
final class SimdTiles {

  private static final VectorSpecies<Float> SPECIES = SimdVectors.SPECIES;
  private static final int LANES = SimdVectors.LANES;

  private SimdTiles() {}

  /**
   * Computes {@code strips} tiles side by side, each {@code height} rows and {@code vectors}
   * vectors.
   */
  static void tiles(
      int height,
      int vectors,
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
    switch (height * 8 + vectors) {
      case 8 * 8 + 3 -> rows8Vectors3(product, row, strips, wAt, step, x, xAt, in, inAt, y, yAt);
      case 8 * 8 + 2 -> rows8Vectors2(product, row, strips, wAt, step, x, xAt, in, inAt, y, yAt);
      case 8 * 8 + 1 -> rows8Vectors1(product, row, strips, wAt, step, x, xAt, in, inAt, y, yAt);
      case 4 * 8 + 4 -> rows4Vectors4(product, row, strips, wAt, step, x, xAt, in, inAt, y, yAt);
      case 4 * 8 + 2 -> rows4Vectors2(product, row, strips, wAt, step, x, xAt, in, inAt, y, yAt);
      case 4 * 8 + 1 -> rows4Vectors1(product, row, strips, wAt, step, x, xAt, in, inAt, y, yAt);
      case 2 * 8 + 4 -> rows2Vectors4(product, row, strips, wAt, step, x, xAt, in, inAt, y, yAt);
      case 2 * 8 + 1 -> rows2Vectors1(product, row, strips, wAt, step, x, xAt, in, inAt, y, yAt);
      case 8 + 4 -> rows1Vectors4(product, row, strips, wAt, step, x, xAt, in, inAt, y, yAt);
      case 8 + 1 -> rows1Vectors1(product, row, strips, wAt, step, x, xAt, in, inAt, y, yAt);
      default -> throw new IllegalArgumentException(height + " rows of " + vectors + " vectors");
    }
  }

  private static void rows8Vectors3(
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
    float[] bias = weights.bias();
    int[] out = product.outputs();
    int depth = weights.depth();
    int y0 = yAt + out[row];
    int y1 = yAt + out[row + 1];
    int y2 = yAt + out[row + 2];
    int y3 = yAt + out[row + 3];
    int y4 = yAt + out[row + 4];
    int y5 = yAt + out[row + 5];
    int y6 = yAt + out[row + 6];
    int y7 = yAt + out[row + 7];
    FloatVector b0 = FloatVector.broadcast(SPECIES, bias[row]);
    FloatVector a00 = b0;
    FloatVector a01 = b0;
    FloatVector a02 = b0;
    FloatVector b1 = FloatVector.broadcast(SPECIES, bias[row + 1]);
    FloatVector a10 = b1;
    FloatVector a11 = b1;
    FloatVector a12 = b1;
    FloatVector b2 = FloatVector.broadcast(SPECIES, bias[row + 2]);
    FloatVector a20 = b2;
    FloatVector a21 = b2;
    FloatVector a22 = b2;
    FloatVector b3 = FloatVector.broadcast(SPECIES, bias[row + 3]);
    FloatVector a30 = b3;
    FloatVector a31 = b3;
    FloatVector a32 = b3;
    FloatVector b4 = FloatVector.broadcast(SPECIES, bias[row + 4]);
    FloatVector a40 = b4;
    FloatVector a41 = b4;
    FloatVector a42 = b4;
    FloatVector b5 = FloatVector.broadcast(SPECIES, bias[row + 5]);
    FloatVector a50 = b5;
    FloatVector a51 = b5;
    FloatVector a52 = b5;
    FloatVector b6 = FloatVector.broadcast(SPECIES, bias[row + 6]);
    FloatVector a60 = b6;
    FloatVector a61 = b6;
    FloatVector a62 = b6;
    FloatVector b7 = FloatVector.broadcast(SPECIES, bias[row + 7]);
    FloatVector a70 = b7;
    FloatVector a71 = b7;
    FloatVector a72 = b7;
    int k = 0;
    int wNow = wAt;
    int column = 0;
    for (long left = (long) strips * depth; left > 0; left--) {
      int at = xAt + column + in[inAt + k];
      FloatVector x0 = FloatVector.fromArray(SPECIES, x, at);
      FloatVector x1 = FloatVector.fromArray(SPECIES, x, at + LANES);
      FloatVector x2 = FloatVector.fromArray(SPECIES, x, at + 2 * LANES);
      FloatVector w0 = FloatVector.broadcast(SPECIES, w[wNow]);
      a00 = x0.fma(w0, a00);
      a01 = x1.fma(w0, a01);
      a02 = x2.fma(w0, a02);
      FloatVector w1 = FloatVector.broadcast(SPECIES, w[wNow + 1]);
      a10 = x0.fma(w1, a10);
      a11 = x1.fma(w1, a11);
      a12 = x2.fma(w1, a12);
      FloatVector w2 = FloatVector.broadcast(SPECIES, w[wNow + 2]);
      a20 = x0.fma(w2, a20);
      a21 = x1.fma(w2, a21);
      a22 = x2.fma(w2, a22);
      FloatVector w3 = FloatVector.broadcast(SPECIES, w[wNow + 3]);
      a30 = x0.fma(w3, a30);
      a31 = x1.fma(w3, a31);
      a32 = x2.fma(w3, a32);
      FloatVector w4 = FloatVector.broadcast(SPECIES, w[wNow + 4]);
      a40 = x0.fma(w4, a40);
      a41 = x1.fma(w4, a41);
      a42 = x2.fma(w4, a42);
      FloatVector w5 = FloatVector.broadcast(SPECIES, w[wNow + 5]);
      a50 = x0.fma(w5, a50);
      a51 = x1.fma(w5, a51);
      a52 = x2.fma(w5, a52);
      FloatVector w6 = FloatVector.broadcast(SPECIES, w[wNow + 6]);
      a60 = x0.fma(w6, a60);
      a61 = x1.fma(w6, a61);
      a62 = x2.fma(w6, a62);
      FloatVector w7 = FloatVector.broadcast(SPECIES, w[wNow + 7]);
      a70 = x0.fma(w7, a70);
      a71 = x1.fma(w7, a71);
      a72 = x2.fma(w7, a72);
      k++;
      wNow += step;
      if (k == depth) {
        a00.intoArray(y, y0 + column);
        a01.intoArray(y, y0 + column + LANES);
        a02.intoArray(y, y0 + column + 2 * LANES);
        a10.intoArray(y, y1 + column);
        a11.intoArray(y, y1 + column + LANES);
        a12.intoArray(y, y1 + column + 2 * LANES);
        a20.intoArray(y, y2 + column);
        a21.intoArray(y, y2 + column + LANES);
        a22.intoArray(y, y2 + column + 2 * LANES);
        a30.intoArray(y, y3 + column);
        a31.intoArray(y, y3 + column + LANES);
        a32.intoArray(y, y3 + column + 2 * LANES);
        a40.intoArray(y, y4 + column);
        a41.intoArray(y, y4 + column + LANES);
        a42.intoArray(y, y4 + column + 2 * LANES);
        a50.intoArray(y, y5 + column);
        a51.intoArray(y, y5 + column + LANES);
        a52.intoArray(y, y5 + column + 2 * LANES);
        a60.intoArray(y, y6 + column);
        a61.intoArray(y, y6 + column + LANES);
        a62.intoArray(y, y6 + column + 2 * LANES);
        a70.intoArray(y, y7 + column);
        a71.intoArray(y, y7 + column + LANES);
        a72.intoArray(y, y7 + column + 2 * LANES);
        k = 0;
        wNow = wAt;
        column += 3 * LANES;
        a00 = b0;
        a01 = b0;
        a02 = b0;
        a10 = b1;
        a11 = b1;
        a12 = b1;
        a20 = b2;
        a21 = b2;
        a22 = b2;
        a30 = b3;
        a31 = b3;
        a32 = b3;
        a40 = b4;
        a41 = b4;
        a42 = b4;
        a50 = b5;
        a51 = b5;
        a52 = b5;
        a60 = b6;
        a61 = b6;
        a62 = b6;
        a70 = b7;
        a71 = b7;
        a72 = b7;
      }
    }
  }

  private static void rows8Vectors2(
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
    float[] bias = weights.bias();
    int[] out = product.outputs();
    int depth = weights.depth();
    int y0 = yAt + out[row];
    int y1 = yAt + out[row + 1];
    int y2 = yAt + out[row + 2];
    int y3 = yAt + out[row + 3];
    int y4 = yAt + out[row + 4];
    int y5 = yAt + out[row + 5];
    int y6 = yAt + out[row + 6];
    int y7 = yAt + out[row + 7];
    FloatVector b0 = FloatVector.broadcast(SPECIES, bias[row]);
    FloatVector a00 = b0;
    FloatVector a01 = b0;
    FloatVector b1 = FloatVector.broadcast(SPECIES, bias[row + 1]);
    FloatVector a10 = b1;
    FloatVector a11 = b1;
    FloatVector b2 = FloatVector.broadcast(SPECIES, bias[row + 2]);
    FloatVector a20 = b2;
    FloatVector a21 = b2;
    FloatVector b3 = FloatVector.broadcast(SPECIES, bias[row + 3]);
    FloatVector a30 = b3;
    FloatVector a31 = b3;
    FloatVector b4 = FloatVector.broadcast(SPECIES, bias[row + 4]);
    FloatVector a40 = b4;
    FloatVector a41 = b4;
    FloatVector b5 = FloatVector.broadcast(SPECIES, bias[row + 5]);
    FloatVector a50 = b5;
    FloatVector a51 = b5;
    FloatVector b6 = FloatVector.broadcast(SPECIES, bias[row + 6]);
    FloatVector a60 = b6;
    FloatVector a61 = b6;
    FloatVector b7 = FloatVector.broadcast(SPECIES, bias[row + 7]);
    FloatVector a70 = b7;
    FloatVector a71 = b7;
    int k = 0;
    int wNow = wAt;
    int column = 0;
    for (long left = (long) strips * depth; left > 0; left--) {
      int at = xAt + column + in[inAt + k];
      FloatVector x0 = FloatVector.fromArray(SPECIES, x, at);
      FloatVector x1 = FloatVector.fromArray(SPECIES, x, at + LANES);
      FloatVector w0 = FloatVector.broadcast(SPECIES, w[wNow]);
      a00 = x0.fma(w0, a00);
      a01 = x1.fma(w0, a01);
      FloatVector w1 = FloatVector.broadcast(SPECIES, w[wNow + 1]);
      a10 = x0.fma(w1, a10);
      a11 = x1.fma(w1, a11);
      FloatVector w2 = FloatVector.broadcast(SPECIES, w[wNow + 2]);
      a20 = x0.fma(w2, a20);
      a21 = x1.fma(w2, a21);
      FloatVector w3 = FloatVector.broadcast(SPECIES, w[wNow + 3]);
      a30 = x0.fma(w3, a30);
      a31 = x1.fma(w3, a31);
      FloatVector w4 = FloatVector.broadcast(SPECIES, w[wNow + 4]);
      a40 = x0.fma(w4, a40);
      a41 = x1.fma(w4, a41);
      FloatVector w5 = FloatVector.broadcast(SPECIES, w[wNow + 5]);
      a50 = x0.fma(w5, a50);
      a51 = x1.fma(w5, a51);
      FloatVector w6 = FloatVector.broadcast(SPECIES, w[wNow + 6]);
      a60 = x0.fma(w6, a60);
      a61 = x1.fma(w6, a61);
      FloatVector w7 = FloatVector.broadcast(SPECIES, w[wNow + 7]);
      a70 = x0.fma(w7, a70);
      a71 = x1.fma(w7, a71);
      k++;
      wNow += step;
      if (k == depth) {
        a00.intoArray(y, y0 + column);
        a01.intoArray(y, y0 + column + LANES);
        a10.intoArray(y, y1 + column);
        a11.intoArray(y, y1 + column + LANES);
        a20.intoArray(y, y2 + column);
        a21.intoArray(y, y2 + column + LANES);
        a30.intoArray(y, y3 + column);
        a31.intoArray(y, y3 + column + LANES);
        a40.intoArray(y, y4 + column);
        a41.intoArray(y, y4 + column + LANES);
        a50.intoArray(y, y5 + column);
        a51.intoArray(y, y5 + column + LANES);
        a60.intoArray(y, y6 + column);
        a61.intoArray(y, y6 + column + LANES);
        a70.intoArray(y, y7 + column);
        a71.intoArray(y, y7 + column + LANES);
        k = 0;
        wNow = wAt;
        column += 2 * LANES;
        a00 = b0;
        a01 = b0;
        a10 = b1;
        a11 = b1;
        a20 = b2;
        a21 = b2;
        a30 = b3;
        a31 = b3;
        a40 = b4;
        a41 = b4;
        a50 = b5;
        a51 = b5;
        a60 = b6;
        a61 = b6;
        a70 = b7;
        a71 = b7;
      }
    }
  }

  private static void rows8Vectors1(
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
    float[] bias = weights.bias();
    int[] out = product.outputs();
    int depth = weights.depth();
    int y0 = yAt + out[row];
    int y1 = yAt + out[row + 1];
    int y2 = yAt + out[row + 2];
    int y3 = yAt + out[row + 3];
    int y4 = yAt + out[row + 4];
    int y5 = yAt + out[row + 5];
    int y6 = yAt + out[row + 6];
    int y7 = yAt + out[row + 7];
    FloatVector b0 = FloatVector.broadcast(SPECIES, bias[row]);
    FloatVector a00 = b0;
    FloatVector b1 = FloatVector.broadcast(SPECIES, bias[row + 1]);
    FloatVector a10 = b1;
    FloatVector b2 = FloatVector.broadcast(SPECIES, bias[row + 2]);
    FloatVector a20 = b2;
    FloatVector b3 = FloatVector.broadcast(SPECIES, bias[row + 3]);
    FloatVector a30 = b3;
    FloatVector b4 = FloatVector.broadcast(SPECIES, bias[row + 4]);
    FloatVector a40 = b4;
    FloatVector b5 = FloatVector.broadcast(SPECIES, bias[row + 5]);
    FloatVector a50 = b5;
    FloatVector b6 = FloatVector.broadcast(SPECIES, bias[row + 6]);
    FloatVector a60 = b6;
    FloatVector b7 = FloatVector.broadcast(SPECIES, bias[row + 7]);
    FloatVector a70 = b7;
    int k = 0;
    int wNow = wAt;
    int column = 0;
    for (int left = strips * depth; left > 0; left--) {
      int at = xAt + column + in[inAt + k];
      FloatVector x0 = FloatVector.fromArray(SPECIES, x, at);
      FloatVector w0 = FloatVector.broadcast(SPECIES, w[wNow]);
      a00 = x0.fma(w0, a00);
      FloatVector w1 = FloatVector.broadcast(SPECIES, w[wNow + 1]);
      a10 = x0.fma(w1, a10);
      FloatVector w2 = FloatVector.broadcast(SPECIES, w[wNow + 2]);
      a20 = x0.fma(w2, a20);
      FloatVector w3 = FloatVector.broadcast(SPECIES, w[wNow + 3]);
      a30 = x0.fma(w3, a30);
      FloatVector w4 = FloatVector.broadcast(SPECIES, w[wNow + 4]);
      a40 = x0.fma(w4, a40);
      FloatVector w5 = FloatVector.broadcast(SPECIES, w[wNow + 5]);
      a50 = x0.fma(w5, a50);
      FloatVector w6 = FloatVector.broadcast(SPECIES, w[wNow + 6]);
      a60 = x0.fma(w6, a60);
      FloatVector w7 = FloatVector.broadcast(SPECIES, w[wNow + 7]);
      a70 = x0.fma(w7, a70);
      k++;
      wNow += step;
      if (k == depth) {
        a00.intoArray(y, y0 + column);
        a10.intoArray(y, y1 + column);
        a20.intoArray(y, y2 + column);
        a30.intoArray(y, y3 + column);
        a40.intoArray(y, y4 + column);
        a50.intoArray(y, y5 + column);
        a60.intoArray(y, y6 + column);
        a70.intoArray(y, y7 + column);
        k = 0;
        wNow = wAt;
        column += LANES;
        a00 = b0;
        a10 = b1;
        a20 = b2;
        a30 = b3;
        a40 = b4;
        a50 = b5;
        a60 = b6;
        a70 = b7;
      }
    }
  }

  private static void rows4Vectors4(
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
    float[] bias = weights.bias();
    int[] out = product.outputs();
    int depth = weights.depth();
    int y0 = yAt + out[row];
    int y1 = yAt + out[row + 1];
    int y2 = yAt + out[row + 2];
    int y3 = yAt + out[row + 3];
    FloatVector b0 = FloatVector.broadcast(SPECIES, bias[row]);
    FloatVector a00 = b0;
    FloatVector a01 = b0;
    FloatVector a02 = b0;
    FloatVector a03 = b0;
    FloatVector b1 = FloatVector.broadcast(SPECIES, bias[row + 1]);
    FloatVector a10 = b1;
    FloatVector a11 = b1;
    FloatVector a12 = b1;
    FloatVector a13 = b1;
    FloatVector b2 = FloatVector.broadcast(SPECIES, bias[row + 2]);
    FloatVector a20 = b2;
    FloatVector a21 = b2;
    FloatVector a22 = b2;
    FloatVector a23 = b2;
    FloatVector b3 = FloatVector.broadcast(SPECIES, bias[row + 3]);
    FloatVector a30 = b3;
    FloatVector a31 = b3;
    FloatVector a32 = b3;
    FloatVector a33 = b3;
    int k = 0;
    int wNow = wAt;
    int column = 0;
    for (int left = strips * depth; left > 0; left--) {
      int at = xAt + column + in[inAt + k];
      FloatVector x0 = FloatVector.fromArray(SPECIES, x, at);
      FloatVector x1 = FloatVector.fromArray(SPECIES, x, at + LANES);
      FloatVector x2 = FloatVector.fromArray(SPECIES, x, at + 2 * LANES);
      FloatVector x3 = FloatVector.fromArray(SPECIES, x, at + 3 * LANES);
      FloatVector w0 = FloatVector.broadcast(SPECIES, w[wNow]);
      a00 = x0.fma(w0, a00);
      a01 = x1.fma(w0, a01);
      a02 = x2.fma(w0, a02);
      a03 = x3.fma(w0, a03);
      FloatVector w1 = FloatVector.broadcast(SPECIES, w[wNow + 1]);
      a10 = x0.fma(w1, a10);
      a11 = x1.fma(w1, a11);
      a12 = x2.fma(w1, a12);
      a13 = x3.fma(w1, a13);
      FloatVector w2 = FloatVector.broadcast(SPECIES, w[wNow + 2]);
      a20 = x0.fma(w2, a20);
      a21 = x1.fma(w2, a21);
      a22 = x2.fma(w2, a22);
      a23 = x3.fma(w2, a23);
      FloatVector w3 = FloatVector.broadcast(SPECIES, w[wNow + 3]);
      a30 = x0.fma(w3, a30);
      a31 = x1.fma(w3, a31);
      a32 = x2.fma(w3, a32);
      a33 = x3.fma(w3, a33);
      k++;
      wNow += step;
      if (k == depth) {
        a00.intoArray(y, y0 + column);
        a01.intoArray(y, y0 + column + LANES);
        a02.intoArray(y, y0 + column + 2 * LANES);
        a03.intoArray(y, y0 + column + 3 * LANES);
        a10.intoArray(y, y1 + column);
        a11.intoArray(y, y1 + column + LANES);
        a12.intoArray(y, y1 + column + 2 * LANES);
        a13.intoArray(y, y1 + column + 3 * LANES);
        a20.intoArray(y, y2 + column);
        a21.intoArray(y, y2 + column + LANES);
        a22.intoArray(y, y2 + column + 2 * LANES);
        a23.intoArray(y, y2 + column + 3 * LANES);
        a30.intoArray(y, y3 + column);
        a31.intoArray(y, y3 + column + LANES);
        a32.intoArray(y, y3 + column + 2 * LANES);
        a33.intoArray(y, y3 + column + 3 * LANES);
        k = 0;
        wNow = wAt;
        column += 4 * LANES;
        a00 = b0;
        a01 = b0;
        a02 = b0;
        a03 = b0;
        a10 = b1;
        a11 = b1;
        a12 = b1;
        a13 = b1;
        a20 = b2;
        a21 = b2;
        a22 = b2;
        a23 = b2;
        a30 = b3;
        a31 = b3;
        a32 = b3;
        a33 = b3;
      }
    }
  }

  private static void rows4Vectors2(
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
    float[] bias = weights.bias();
    int[] out = product.outputs();
    int depth = weights.depth();
    int y0 = yAt + out[row];
    int y1 = yAt + out[row + 1];
    int y2 = yAt + out[row + 2];
    int y3 = yAt + out[row + 3];
    FloatVector b0 = FloatVector.broadcast(SPECIES, bias[row]);
    FloatVector a00 = b0;
    FloatVector a01 = b0;
    FloatVector b1 = FloatVector.broadcast(SPECIES, bias[row + 1]);
    FloatVector a10 = b1;
    FloatVector a11 = b1;
    FloatVector b2 = FloatVector.broadcast(SPECIES, bias[row + 2]);
    FloatVector a20 = b2;
    FloatVector a21 = b2;
    FloatVector b3 = FloatVector.broadcast(SPECIES, bias[row + 3]);
    FloatVector a30 = b3;
    FloatVector a31 = b3;
    int k = 0;
    int wNow = wAt;
    int column = 0;
    for (int left = strips * depth; left > 0; left--) {
      int at = xAt + column + in[inAt + k];
      FloatVector x0 = FloatVector.fromArray(SPECIES, x, at);
      FloatVector x1 = FloatVector.fromArray(SPECIES, x, at + LANES);
      FloatVector w0 = FloatVector.broadcast(SPECIES, w[wNow]);
      a00 = x0.fma(w0, a00);
      a01 = x1.fma(w0, a01);
      FloatVector w1 = FloatVector.broadcast(SPECIES, w[wNow + 1]);
      a10 = x0.fma(w1, a10);
      a11 = x1.fma(w1, a11);
      FloatVector w2 = FloatVector.broadcast(SPECIES, w[wNow + 2]);
      a20 = x0.fma(w2, a20);
      a21 = x1.fma(w2, a21);
      FloatVector w3 = FloatVector.broadcast(SPECIES, w[wNow + 3]);
      a30 = x0.fma(w3, a30);
      a31 = x1.fma(w3, a31);
      k++;
      wNow += step;
      if (k == depth) {
        a00.intoArray(y, y0 + column);
        a01.intoArray(y, y0 + column + LANES);
        a10.intoArray(y, y1 + column);
        a11.intoArray(y, y1 + column + LANES);
        a20.intoArray(y, y2 + column);
        a21.intoArray(y, y2 + column + LANES);
        a30.intoArray(y, y3 + column);
        a31.intoArray(y, y3 + column + LANES);
        k = 0;
        wNow = wAt;
        column += 2 * LANES;
        a00 = b0;
        a01 = b0;
        a10 = b1;
        a11 = b1;
        a20 = b2;
        a21 = b2;
        a30 = b3;
        a31 = b3;
      }
    }
  }

  private static void rows4Vectors1(
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
    float[] bias = weights.bias();
    int[] out = product.outputs();
    int depth = weights.depth();
    int y0 = yAt + out[row];
    int y1 = yAt + out[row + 1];
    int y2 = yAt + out[row + 2];
    int y3 = yAt + out[row + 3];
    FloatVector b0 = FloatVector.broadcast(SPECIES, bias[row]);
    FloatVector a00 = b0;
    FloatVector b1 = FloatVector.broadcast(SPECIES, bias[row + 1]);
    FloatVector a10 = b1;
    FloatVector b2 = FloatVector.broadcast(SPECIES, bias[row + 2]);
    FloatVector a20 = b2;
    FloatVector b3 = FloatVector.broadcast(SPECIES, bias[row + 3]);
    FloatVector a30 = b3;
    int k = 0;
    int wNow = wAt;
    int column = 0;
    for (int left = strips * depth; left > 0; left--) {
      int at = xAt + column + in[inAt + k];
      FloatVector x0 = FloatVector.fromArray(SPECIES, x, at);
      FloatVector w0 = FloatVector.broadcast(SPECIES, w[wNow]);
      a00 = x0.fma(w0, a00);
      FloatVector w1 = FloatVector.broadcast(SPECIES, w[wNow + 1]);
      a10 = x0.fma(w1, a10);
      FloatVector w2 = FloatVector.broadcast(SPECIES, w[wNow + 2]);
      a20 = x0.fma(w2, a20);
      FloatVector w3 = FloatVector.broadcast(SPECIES, w[wNow + 3]);
      a30 = x0.fma(w3, a30);
      k++;
      wNow += step;
      if (k == depth) {
        a00.intoArray(y, y0 + column);
        a10.intoArray(y, y1 + column);
        a20.intoArray(y, y2 + column);
        a30.intoArray(y, y3 + column);
        k = 0;
        wNow = wAt;
        column += LANES;
        a00 = b0;
        a10 = b1;
        a20 = b2;
        a30 = b3;
      }
    }
  }

  private static void rows2Vectors4(
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
    float[] bias = weights.bias();
    int[] out = product.outputs();
    int depth = weights.depth();
    int y0 = yAt + out[row];
    int y1 = yAt + out[row + 1];
    FloatVector b0 = FloatVector.broadcast(SPECIES, bias[row]);
    FloatVector a00 = b0;
    FloatVector a01 = b0;
    FloatVector a02 = b0;
    FloatVector a03 = b0;
    FloatVector b1 = FloatVector.broadcast(SPECIES, bias[row + 1]);
    FloatVector a10 = b1;
    FloatVector a11 = b1;
    FloatVector a12 = b1;
    FloatVector a13 = b1;
    int k = 0;
    int wNow = wAt;
    int column = 0;
    for (int left = strips * depth; left > 0; left--) {
      int at = xAt + column + in[inAt + k];
      FloatVector x0 = FloatVector.fromArray(SPECIES, x, at);
      FloatVector x1 = FloatVector.fromArray(SPECIES, x, at + LANES);
      FloatVector x2 = FloatVector.fromArray(SPECIES, x, at + 2 * LANES);
      FloatVector x3 = FloatVector.fromArray(SPECIES, x, at + 3 * LANES);
      FloatVector w0 = FloatVector.broadcast(SPECIES, w[wNow]);
      a00 = x0.fma(w0, a00);
      a01 = x1.fma(w0, a01);
      a02 = x2.fma(w0, a02);
      a03 = x3.fma(w0, a03);
      FloatVector w1 = FloatVector.broadcast(SPECIES, w[wNow + 1]);
      a10 = x0.fma(w1, a10);
      a11 = x1.fma(w1, a11);
      a12 = x2.fma(w1, a12);
      a13 = x3.fma(w1, a13);
      k++;
      wNow += step;
      if (k == depth) {
        a00.intoArray(y, y0 + column);
        a01.intoArray(y, y0 + column + LANES);
        a02.intoArray(y, y0 + column + 2 * LANES);
        a03.intoArray(y, y0 + column + 3 * LANES);
        a10.intoArray(y, y1 + column);
        a11.intoArray(y, y1 + column + LANES);
        a12.intoArray(y, y1 + column + 2 * LANES);
        a13.intoArray(y, y1 + column + 3 * LANES);
        k = 0;
        wNow = wAt;
        column += 4 * LANES;
        a00 = b0;
        a01 = b0;
        a02 = b0;
        a03 = b0;
        a10 = b1;
        a11 = b1;
        a12 = b1;
        a13 = b1;
      }
    }
  }

  private static void rows2Vectors1(
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
    float[] bias = weights.bias();
    int[] out = product.outputs();
    int depth = weights.depth();
    int y0 = yAt + out[row];
    int y1 = yAt + out[row + 1];
    FloatVector b0 = FloatVector.broadcast(SPECIES, bias[row]);
    FloatVector a00 = b0;
    FloatVector b1 = FloatVector.broadcast(SPECIES, bias[row + 1]);
    FloatVector a10 = b1;
    int k = 0;
    int wNow = wAt;
    int column = 0;
    for (int left = strips * depth; left > 0; left--) {
      int at = xAt + column + in[inAt + k];
      FloatVector x0 = FloatVector.fromArray(SPECIES, x, at);
      FloatVector w0 = FloatVector.broadcast(SPECIES, w[wNow]);
      a00 = x0.fma(w0, a00);
      FloatVector w1 = FloatVector.broadcast(SPECIES, w[wNow + 1]);
      a10 = x0.fma(w1, a10);
      k++;
      wNow += step;
      if (k == depth) {
        a00.intoArray(y, y0 + column);
        a10.intoArray(y, y1 + column);
        k = 0;
        wNow = wAt;
        column += LANES;
        a00 = b0;
        a10 = b1;
      }
    }
  }

  private static void rows1Vectors4(
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
    float[] bias = weights.bias();
    int[] out = product.outputs();
    int depth = weights.depth();
    int y0 = yAt + out[row];
    FloatVector b0 = FloatVector.broadcast(SPECIES, bias[row]);
    FloatVector a00 = b0;
    FloatVector a01 = b0;
    FloatVector a02 = b0;
    FloatVector a03 = b0;
    int k = 0;
    int wNow = wAt;
    int column = 0;
    for (int left = strips * depth; left > 0; left--) {
      int at = xAt + column + in[inAt + k];
      FloatVector x0 = FloatVector.fromArray(SPECIES, x, at);
      FloatVector x1 = FloatVector.fromArray(SPECIES, x, at + LANES);
      FloatVector x2 = FloatVector.fromArray(SPECIES, x, at + 2 * LANES);
      FloatVector x3 = FloatVector.fromArray(SPECIES, x, at + 3 * LANES);
      FloatVector w0 = FloatVector.broadcast(SPECIES, w[wNow]);
      a00 = x0.fma(w0, a00);
      a01 = x1.fma(w0, a01);
      a02 = x2.fma(w0, a02);
      a03 = x3.fma(w0, a03);
      k++;
      wNow += step;
      if (k == depth) {
        a00.intoArray(y, y0 + column);
        a01.intoArray(y, y0 + column + LANES);
        a02.intoArray(y, y0 + column + 2 * LANES);
        a03.intoArray(y, y0 + column + 3 * LANES);
        k = 0;
        wNow = wAt;
        column += 4 * LANES;
        a00 = b0;
        a01 = b0;
        a02 = b0;
        a03 = b0;
      }
    }
  }

  private static void rows1Vectors1(
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
    float[] bias = weights.bias();
    int[] out = product.outputs();
    int depth = weights.depth();
    int y0 = yAt + out[row];
    FloatVector b0 = FloatVector.broadcast(SPECIES, bias[row]);
    FloatVector a00 = b0;
    int k = 0;
    int wNow = wAt;
    int column = 0;
    for (int left = strips * depth; left > 0; left--) {
      int at = xAt + column + in[inAt + k];
      FloatVector x0 = FloatVector.fromArray(SPECIES, x, at);
      FloatVector w0 = FloatVector.broadcast(SPECIES, w[wNow]);
      a00 = x0.fma(w0, a00);
      k++;
      wNow += step;
      if (k == depth) {
        a00.intoArray(y, y0 + column);
        k = 0;
        wNow = wAt;
        column += LANES;
        a00 = b0;
      }
    }
  }
}
