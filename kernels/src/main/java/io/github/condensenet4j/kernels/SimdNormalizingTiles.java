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

  /** Computes a tile of {@code height} rows and {@code strip} vectors. */
  static void tile(
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
      case 8 * 8 + 2 -> rows8Vectors2(product, row, wAt, step, first, x, xAt, in, inAt, y, yAt);
      case 8 * 8 + 1 -> rows8Vectors1(product, row, wAt, step, first, x, xAt, in, inAt, y, yAt);
      case 4 * 8 + 4 -> rows4Vectors4(product, row, wAt, step, first, x, xAt, in, inAt, y, yAt);
      case 4 * 8 + 2 -> rows4Vectors2(product, row, wAt, step, first, x, xAt, in, inAt, y, yAt);
      default -> rows4Vectors1(product, row, wAt, step, first, x, xAt, in, inAt, y, yAt);
    }
  }

  private static void rows8Vectors2(
      GroupProduct product,
      int row,
      int wAt,
      int step,
      int first,
      float[] x,
      int xAt,
      int[] in,
      int inAt,
      float[] y,
      int yAt) {
    GroupWeights weights = product.weights();
    float[] w = weights.values();
    float[] bias = weights.bias();
    float[] scale = weights.inputs().scale();
    float[] shift = weights.inputs().shift();
    int[] out = product.outputs();
    FloatVector a00 = FloatVector.broadcast(SPECIES, bias[row]);
    FloatVector a01 = a00;
    FloatVector a10 = FloatVector.broadcast(SPECIES, bias[row + 1]);
    FloatVector a11 = a10;
    FloatVector a20 = FloatVector.broadcast(SPECIES, bias[row + 2]);
    FloatVector a21 = a20;
    FloatVector a30 = FloatVector.broadcast(SPECIES, bias[row + 3]);
    FloatVector a31 = a30;
    FloatVector a40 = FloatVector.broadcast(SPECIES, bias[row + 4]);
    FloatVector a41 = a40;
    FloatVector a50 = FloatVector.broadcast(SPECIES, bias[row + 5]);
    FloatVector a51 = a50;
    FloatVector a60 = FloatVector.broadcast(SPECIES, bias[row + 6]);
    FloatVector a61 = a60;
    FloatVector a70 = FloatVector.broadcast(SPECIES, bias[row + 7]);
    FloatVector a71 = a70;
    int depth = weights.depth();
    for (int k = 0; k < depth; k++) {
      int at = xAt + in[inAt + k];
      FloatVector factor = FloatVector.broadcast(SPECIES, scale[first + k]);
      FloatVector offset = FloatVector.broadcast(SPECIES, shift[first + k]);
      FloatVector x0 = SimdVectors.relu(FloatVector.fromArray(SPECIES, x, at).fma(factor, offset));
      FloatVector x1 =
          SimdVectors.relu(FloatVector.fromArray(SPECIES, x, at + LANES).fma(factor, offset));
      FloatVector w0 = FloatVector.broadcast(SPECIES, w[wAt]);
      a00 = x0.fma(w0, a00);
      a01 = x1.fma(w0, a01);
      FloatVector w1 = FloatVector.broadcast(SPECIES, w[wAt + 1]);
      a10 = x0.fma(w1, a10);
      a11 = x1.fma(w1, a11);
      FloatVector w2 = FloatVector.broadcast(SPECIES, w[wAt + 2]);
      a20 = x0.fma(w2, a20);
      a21 = x1.fma(w2, a21);
      FloatVector w3 = FloatVector.broadcast(SPECIES, w[wAt + 3]);
      a30 = x0.fma(w3, a30);
      a31 = x1.fma(w3, a31);
      FloatVector w4 = FloatVector.broadcast(SPECIES, w[wAt + 4]);
      a40 = x0.fma(w4, a40);
      a41 = x1.fma(w4, a41);
      FloatVector w5 = FloatVector.broadcast(SPECIES, w[wAt + 5]);
      a50 = x0.fma(w5, a50);
      a51 = x1.fma(w5, a51);
      FloatVector w6 = FloatVector.broadcast(SPECIES, w[wAt + 6]);
      a60 = x0.fma(w6, a60);
      a61 = x1.fma(w6, a61);
      FloatVector w7 = FloatVector.broadcast(SPECIES, w[wAt + 7]);
      a70 = x0.fma(w7, a70);
      a71 = x1.fma(w7, a71);
      wAt += step;
    }
    int y0 = yAt + out[row];
    a00.intoArray(y, y0);
    a01.intoArray(y, y0 + LANES);
    int y1 = yAt + out[row + 1];
    a10.intoArray(y, y1);
    a11.intoArray(y, y1 + LANES);
    int y2 = yAt + out[row + 2];
    a20.intoArray(y, y2);
    a21.intoArray(y, y2 + LANES);
    int y3 = yAt + out[row + 3];
    a30.intoArray(y, y3);
    a31.intoArray(y, y3 + LANES);
    int y4 = yAt + out[row + 4];
    a40.intoArray(y, y4);
    a41.intoArray(y, y4 + LANES);
    int y5 = yAt + out[row + 5];
    a50.intoArray(y, y5);
    a51.intoArray(y, y5 + LANES);
    int y6 = yAt + out[row + 6];
    a60.intoArray(y, y6);
    a61.intoArray(y, y6 + LANES);
    int y7 = yAt + out[row + 7];
    a70.intoArray(y, y7);
    a71.intoArray(y, y7 + LANES);
  }

  private static void rows8Vectors1(
      GroupProduct product,
      int row,
      int wAt,
      int step,
      int first,
      float[] x,
      int xAt,
      int[] in,
      int inAt,
      float[] y,
      int yAt) {
    GroupWeights weights = product.weights();
    float[] w = weights.values();
    float[] bias = weights.bias();
    float[] scale = weights.inputs().scale();
    float[] shift = weights.inputs().shift();
    int[] out = product.outputs();
    FloatVector a00 = FloatVector.broadcast(SPECIES, bias[row]);
    FloatVector a10 = FloatVector.broadcast(SPECIES, bias[row + 1]);
    FloatVector a20 = FloatVector.broadcast(SPECIES, bias[row + 2]);
    FloatVector a30 = FloatVector.broadcast(SPECIES, bias[row + 3]);
    FloatVector a40 = FloatVector.broadcast(SPECIES, bias[row + 4]);
    FloatVector a50 = FloatVector.broadcast(SPECIES, bias[row + 5]);
    FloatVector a60 = FloatVector.broadcast(SPECIES, bias[row + 6]);
    FloatVector a70 = FloatVector.broadcast(SPECIES, bias[row + 7]);
    int depth = weights.depth();
    for (int k = 0; k < depth; k++) {
      int at = xAt + in[inAt + k];
      FloatVector factor = FloatVector.broadcast(SPECIES, scale[first + k]);
      FloatVector offset = FloatVector.broadcast(SPECIES, shift[first + k]);
      FloatVector x0 = SimdVectors.relu(FloatVector.fromArray(SPECIES, x, at).fma(factor, offset));
      FloatVector w0 = FloatVector.broadcast(SPECIES, w[wAt]);
      a00 = x0.fma(w0, a00);
      FloatVector w1 = FloatVector.broadcast(SPECIES, w[wAt + 1]);
      a10 = x0.fma(w1, a10);
      FloatVector w2 = FloatVector.broadcast(SPECIES, w[wAt + 2]);
      a20 = x0.fma(w2, a20);
      FloatVector w3 = FloatVector.broadcast(SPECIES, w[wAt + 3]);
      a30 = x0.fma(w3, a30);
      FloatVector w4 = FloatVector.broadcast(SPECIES, w[wAt + 4]);
      a40 = x0.fma(w4, a40);
      FloatVector w5 = FloatVector.broadcast(SPECIES, w[wAt + 5]);
      a50 = x0.fma(w5, a50);
      FloatVector w6 = FloatVector.broadcast(SPECIES, w[wAt + 6]);
      a60 = x0.fma(w6, a60);
      FloatVector w7 = FloatVector.broadcast(SPECIES, w[wAt + 7]);
      a70 = x0.fma(w7, a70);
      wAt += step;
    }
    int y0 = yAt + out[row];
    a00.intoArray(y, y0);
    int y1 = yAt + out[row + 1];
    a10.intoArray(y, y1);
    int y2 = yAt + out[row + 2];
    a20.intoArray(y, y2);
    int y3 = yAt + out[row + 3];
    a30.intoArray(y, y3);
    int y4 = yAt + out[row + 4];
    a40.intoArray(y, y4);
    int y5 = yAt + out[row + 5];
    a50.intoArray(y, y5);
    int y6 = yAt + out[row + 6];
    a60.intoArray(y, y6);
    int y7 = yAt + out[row + 7];
    a70.intoArray(y, y7);
  }

  private static void rows4Vectors4(
      GroupProduct product,
      int row,
      int wAt,
      int step,
      int first,
      float[] x,
      int xAt,
      int[] in,
      int inAt,
      float[] y,
      int yAt) {
    GroupWeights weights = product.weights();
    float[] w = weights.values();
    float[] bias = weights.bias();
    float[] scale = weights.inputs().scale();
    float[] shift = weights.inputs().shift();
    int[] out = product.outputs();
    FloatVector a00 = FloatVector.broadcast(SPECIES, bias[row]);
    FloatVector a01 = a00;
    FloatVector a02 = a00;
    FloatVector a03 = a00;
    FloatVector a10 = FloatVector.broadcast(SPECIES, bias[row + 1]);
    FloatVector a11 = a10;
    FloatVector a12 = a10;
    FloatVector a13 = a10;
    FloatVector a20 = FloatVector.broadcast(SPECIES, bias[row + 2]);
    FloatVector a21 = a20;
    FloatVector a22 = a20;
    FloatVector a23 = a20;
    FloatVector a30 = FloatVector.broadcast(SPECIES, bias[row + 3]);
    FloatVector a31 = a30;
    FloatVector a32 = a30;
    FloatVector a33 = a30;
    int depth = weights.depth();
    for (int k = 0; k < depth; k++) {
      int at = xAt + in[inAt + k];
      FloatVector factor = FloatVector.broadcast(SPECIES, scale[first + k]);
      FloatVector offset = FloatVector.broadcast(SPECIES, shift[first + k]);
      FloatVector x0 = SimdVectors.relu(FloatVector.fromArray(SPECIES, x, at).fma(factor, offset));
      FloatVector x1 =
          SimdVectors.relu(FloatVector.fromArray(SPECIES, x, at + LANES).fma(factor, offset));
      FloatVector x2 =
          SimdVectors.relu(FloatVector.fromArray(SPECIES, x, at + 2 * LANES).fma(factor, offset));
      FloatVector x3 =
          SimdVectors.relu(FloatVector.fromArray(SPECIES, x, at + 3 * LANES).fma(factor, offset));
      FloatVector w0 = FloatVector.broadcast(SPECIES, w[wAt]);
      a00 = x0.fma(w0, a00);
      a01 = x1.fma(w0, a01);
      a02 = x2.fma(w0, a02);
      a03 = x3.fma(w0, a03);
      FloatVector w1 = FloatVector.broadcast(SPECIES, w[wAt + 1]);
      a10 = x0.fma(w1, a10);
      a11 = x1.fma(w1, a11);
      a12 = x2.fma(w1, a12);
      a13 = x3.fma(w1, a13);
      FloatVector w2 = FloatVector.broadcast(SPECIES, w[wAt + 2]);
      a20 = x0.fma(w2, a20);
      a21 = x1.fma(w2, a21);
      a22 = x2.fma(w2, a22);
      a23 = x3.fma(w2, a23);
      FloatVector w3 = FloatVector.broadcast(SPECIES, w[wAt + 3]);
      a30 = x0.fma(w3, a30);
      a31 = x1.fma(w3, a31);
      a32 = x2.fma(w3, a32);
      a33 = x3.fma(w3, a33);
      wAt += step;
    }
    int y0 = yAt + out[row];
    a00.intoArray(y, y0);
    a01.intoArray(y, y0 + LANES);
    a02.intoArray(y, y0 + 2 * LANES);
    a03.intoArray(y, y0 + 3 * LANES);
    int y1 = yAt + out[row + 1];
    a10.intoArray(y, y1);
    a11.intoArray(y, y1 + LANES);
    a12.intoArray(y, y1 + 2 * LANES);
    a13.intoArray(y, y1 + 3 * LANES);
    int y2 = yAt + out[row + 2];
    a20.intoArray(y, y2);
    a21.intoArray(y, y2 + LANES);
    a22.intoArray(y, y2 + 2 * LANES);
    a23.intoArray(y, y2 + 3 * LANES);
    int y3 = yAt + out[row + 3];
    a30.intoArray(y, y3);
    a31.intoArray(y, y3 + LANES);
    a32.intoArray(y, y3 + 2 * LANES);
    a33.intoArray(y, y3 + 3 * LANES);
  }

  private static void rows4Vectors2(
      GroupProduct product,
      int row,
      int wAt,
      int step,
      int first,
      float[] x,
      int xAt,
      int[] in,
      int inAt,
      float[] y,
      int yAt) {
    GroupWeights weights = product.weights();
    float[] w = weights.values();
    float[] bias = weights.bias();
    float[] scale = weights.inputs().scale();
    float[] shift = weights.inputs().shift();
    int[] out = product.outputs();
    FloatVector a00 = FloatVector.broadcast(SPECIES, bias[row]);
    FloatVector a01 = a00;
    FloatVector a10 = FloatVector.broadcast(SPECIES, bias[row + 1]);
    FloatVector a11 = a10;
    FloatVector a20 = FloatVector.broadcast(SPECIES, bias[row + 2]);
    FloatVector a21 = a20;
    FloatVector a30 = FloatVector.broadcast(SPECIES, bias[row + 3]);
    FloatVector a31 = a30;
    int depth = weights.depth();
    for (int k = 0; k < depth; k++) {
      int at = xAt + in[inAt + k];
      FloatVector factor = FloatVector.broadcast(SPECIES, scale[first + k]);
      FloatVector offset = FloatVector.broadcast(SPECIES, shift[first + k]);
      FloatVector x0 = SimdVectors.relu(FloatVector.fromArray(SPECIES, x, at).fma(factor, offset));
      FloatVector x1 =
          SimdVectors.relu(FloatVector.fromArray(SPECIES, x, at + LANES).fma(factor, offset));
      FloatVector w0 = FloatVector.broadcast(SPECIES, w[wAt]);
      a00 = x0.fma(w0, a00);
      a01 = x1.fma(w0, a01);
      FloatVector w1 = FloatVector.broadcast(SPECIES, w[wAt + 1]);
      a10 = x0.fma(w1, a10);
      a11 = x1.fma(w1, a11);
      FloatVector w2 = FloatVector.broadcast(SPECIES, w[wAt + 2]);
      a20 = x0.fma(w2, a20);
      a21 = x1.fma(w2, a21);
      FloatVector w3 = FloatVector.broadcast(SPECIES, w[wAt + 3]);
      a30 = x0.fma(w3, a30);
      a31 = x1.fma(w3, a31);
      wAt += step;
    }
    int y0 = yAt + out[row];
    a00.intoArray(y, y0);
    a01.intoArray(y, y0 + LANES);
    int y1 = yAt + out[row + 1];
    a10.intoArray(y, y1);
    a11.intoArray(y, y1 + LANES);
    int y2 = yAt + out[row + 2];
    a20.intoArray(y, y2);
    a21.intoArray(y, y2 + LANES);
    int y3 = yAt + out[row + 3];
    a30.intoArray(y, y3);
    a31.intoArray(y, y3 + LANES);
  }

  private static void rows4Vectors1(
      GroupProduct product,
      int row,
      int wAt,
      int step,
      int first,
      float[] x,
      int xAt,
      int[] in,
      int inAt,
      float[] y,
      int yAt) {
    GroupWeights weights = product.weights();
    float[] w = weights.values();
    float[] bias = weights.bias();
    float[] scale = weights.inputs().scale();
    float[] shift = weights.inputs().shift();
    int[] out = product.outputs();
    FloatVector a00 = FloatVector.broadcast(SPECIES, bias[row]);
    FloatVector a10 = FloatVector.broadcast(SPECIES, bias[row + 1]);
    FloatVector a20 = FloatVector.broadcast(SPECIES, bias[row + 2]);
    FloatVector a30 = FloatVector.broadcast(SPECIES, bias[row + 3]);
    int depth = weights.depth();
    for (int k = 0; k < depth; k++) {
      int at = xAt + in[inAt + k];
      FloatVector factor = FloatVector.broadcast(SPECIES, scale[first + k]);
      FloatVector offset = FloatVector.broadcast(SPECIES, shift[first + k]);
      FloatVector x0 = SimdVectors.relu(FloatVector.fromArray(SPECIES, x, at).fma(factor, offset));
      FloatVector w0 = FloatVector.broadcast(SPECIES, w[wAt]);
      a00 = x0.fma(w0, a00);
      FloatVector w1 = FloatVector.broadcast(SPECIES, w[wAt + 1]);
      a10 = x0.fma(w1, a10);
      FloatVector w2 = FloatVector.broadcast(SPECIES, w[wAt + 2]);
      a20 = x0.fma(w2, a20);
      FloatVector w3 = FloatVector.broadcast(SPECIES, w[wAt + 3]);
      a30 = x0.fma(w3, a30);
      wAt += step;
    }
    int y0 = yAt + out[row];
    a00.intoArray(y, y0);
    int y1 = yAt + out[row + 1];
    a10.intoArray(y, y1);
    int y2 = yAt + out[row + 2];
    a20.intoArray(y, y2);
    int y3 = yAt + out[row + 3];
    a30.intoArray(y, y3);
  }
}
