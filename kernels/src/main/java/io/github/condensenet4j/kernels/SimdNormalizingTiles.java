package io.github.condensenet4j.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link SimdTiles} that do scale, shift and ReLU to the inputs on the way: {@code y[m][i] =
 * bias[m] + Σ_k w[m][k] · n(x[k][i])} with {@code n(x) = max(0, scale[first + k] · x + shift[first
 * + k])}. Where few rows share an input that is cheaper than to write it to scratch and read it
 * again.
 */
final class SimdNormalizingTiles {

  private static final VectorSpecies<Float> SPECIES = SimdVectors.SPECIES;
  private static final int LANES = SimdVectors.LANES;

  private SimdNormalizingTiles() {}

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
      int yAt,
      int first) {
    switch (height * 8 + vectors) {
      case 8 * 8 + 2 ->
          rows8Vectors2(product, row, strips, wAt, step, x, xAt, in, inAt, y, yAt, first);
      case 8 * 8 + 1 ->
          rows8Vectors1(product, row, strips, wAt, step, x, xAt, in, inAt, y, yAt, first);
      case 4 * 8 + 4 ->
          rows4Vectors4(product, row, strips, wAt, step, x, xAt, in, inAt, y, yAt, first);
      case 4 * 8 + 2 ->
          rows4Vectors2(product, row, strips, wAt, step, x, xAt, in, inAt, y, yAt, first);
      case 4 * 8 + 1 ->
          rows4Vectors1(product, row, strips, wAt, step, x, xAt, in, inAt, y, yAt, first);
      default -> throw new IllegalArgumentException(height + " rows of " + vectors + " vectors");
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
      int yAt,
      int first) {
    GroupWeights weights = product.weights();
    float[] w = weights.values();
    float[] bias = weights.bias();
    float[] scale = weights.inputs().scale();
    float[] shift = weights.inputs().shift();
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
      FloatVector factor = FloatVector.broadcast(SPECIES, scale[first + k]);
      FloatVector offset = FloatVector.broadcast(SPECIES, shift[first + k]);
      FloatVector x0 =
          FloatVector.fromArray(SPECIES, x, at)
              .fma(factor, offset)
              .reinterpretAsInts()
              .max(0)
              .reinterpretAsFloats();
      FloatVector x1 =
          FloatVector.fromArray(SPECIES, x, at + LANES)
              .fma(factor, offset)
              .reinterpretAsInts()
              .max(0)
              .reinterpretAsFloats();
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
      int yAt,
      int first) {
    GroupWeights weights = product.weights();
    float[] w = weights.values();
    float[] bias = weights.bias();
    float[] scale = weights.inputs().scale();
    float[] shift = weights.inputs().shift();
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
      FloatVector factor = FloatVector.broadcast(SPECIES, scale[first + k]);
      FloatVector offset = FloatVector.broadcast(SPECIES, shift[first + k]);
      FloatVector x0 =
          FloatVector.fromArray(SPECIES, x, at)
              .fma(factor, offset)
              .reinterpretAsInts()
              .max(0)
              .reinterpretAsFloats();
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
      int yAt,
      int first) {
    GroupWeights weights = product.weights();
    float[] w = weights.values();
    float[] bias = weights.bias();
    float[] scale = weights.inputs().scale();
    float[] shift = weights.inputs().shift();
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
      FloatVector factor = FloatVector.broadcast(SPECIES, scale[first + k]);
      FloatVector offset = FloatVector.broadcast(SPECIES, shift[first + k]);
      FloatVector x0 =
          FloatVector.fromArray(SPECIES, x, at)
              .fma(factor, offset)
              .reinterpretAsInts()
              .max(0)
              .reinterpretAsFloats();
      FloatVector x1 =
          FloatVector.fromArray(SPECIES, x, at + LANES)
              .fma(factor, offset)
              .reinterpretAsInts()
              .max(0)
              .reinterpretAsFloats();
      FloatVector x2 =
          FloatVector.fromArray(SPECIES, x, at + 2 * LANES)
              .fma(factor, offset)
              .reinterpretAsInts()
              .max(0)
              .reinterpretAsFloats();
      FloatVector x3 =
          FloatVector.fromArray(SPECIES, x, at + 3 * LANES)
              .fma(factor, offset)
              .reinterpretAsInts()
              .max(0)
              .reinterpretAsFloats();
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
      int yAt,
      int first) {
    GroupWeights weights = product.weights();
    float[] w = weights.values();
    float[] bias = weights.bias();
    float[] scale = weights.inputs().scale();
    float[] shift = weights.inputs().shift();
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
      FloatVector factor = FloatVector.broadcast(SPECIES, scale[first + k]);
      FloatVector offset = FloatVector.broadcast(SPECIES, shift[first + k]);
      FloatVector x0 =
          FloatVector.fromArray(SPECIES, x, at)
              .fma(factor, offset)
              .reinterpretAsInts()
              .max(0)
              .reinterpretAsFloats();
      FloatVector x1 =
          FloatVector.fromArray(SPECIES, x, at + LANES)
              .fma(factor, offset)
              .reinterpretAsInts()
              .max(0)
              .reinterpretAsFloats();
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
      int yAt,
      int first) {
    GroupWeights weights = product.weights();
    float[] w = weights.values();
    float[] bias = weights.bias();
    float[] scale = weights.inputs().scale();
    float[] shift = weights.inputs().shift();
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
      FloatVector factor = FloatVector.broadcast(SPECIES, scale[first + k]);
      FloatVector offset = FloatVector.broadcast(SPECIES, shift[first + k]);
      FloatVector x0 =
          FloatVector.fromArray(SPECIES, x, at)
              .fma(factor, offset)
              .reinterpretAsInts()
              .max(0)
              .reinterpretAsFloats();
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
}
