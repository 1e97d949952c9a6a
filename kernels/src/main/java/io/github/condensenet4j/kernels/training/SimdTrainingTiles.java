package io.github.condensenet4j.kernels.training;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link TrainingKernels#multiply}, tile by tile: some outputs times some vectors of columns.
 *
 * <p>The vector is the columns; a tile's sums stay in registers for the whole depth. With 32
 * registers 8 · 2 or 4 · 4 sums leave room for inputs and weights; with 16 registers, which
 * machines of narrower vectors have, 4 · 2 do. Unrolled by hand, because the compiler keeps no
 * array of vectors in registers.
 */
final class SimdTrainingTiles {

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();
  private static final boolean MANY_REGISTERS = LANES >= 16;

  private SimdTrainingTiles() {}

  /** Multiplies one panel, which is four vectors wide. */
  static void multiply(
      BlockProduct product, float[] w, int weightsAt, float[] x, int xAt, float[] y, int yAt) {
    for (int block = 0; block < product.blocks(); block++) {
      int out = product.outputsAt[block];
      multiply(product, block, w, weightsAt, x, xAt, y, yAt, product.outputs, out);
    }
  }

  /** Multiplies one block of a panel; its outputs lie at {@code outputs[out …]}. */
  static void multiply(
      BlockProduct product,
      int block,
      float[] w,
      int weightsAt,
      float[] x,
      int xAt,
      float[] y,
      int yAt,
      int[] outputs,
      int out) {
    int[] inputs = product.inputs;
    int rows = product.rows[block];
    int depth = product.depth[block];
    int wAt = weightsAt + product.weightsAt[block];
    int in = product.inputsAt[block];
    if (rows == 1) {
      oneByFour(w, wAt, 1, depth, inputs, in, x, xAt, y, yAt, outputs, out);
    } else if (rows == 2) {
      twoByFour(w, wAt, 2, depth, inputs, in, x, xAt, y, yAt, outputs, out);
    } else if (MANY_REGISTERS && rows == 4) {
      fourByFour(w, wAt, 4, depth, inputs, in, x, xAt, y, yAt, outputs, out);
    } else {
      for (int half = 0; half < 4 * LANES; half += 2 * LANES) {
        int from = xAt + half;
        int to = yAt + half;
        if (MANY_REGISTERS) {
          eightByTwo(w, wAt, 8, depth, inputs, in, x, from, y, to, outputs, out);
        } else {
          for (int row = 0; row < rows; row += 4) {
            fourByTwo(w, wAt + row, rows, depth, inputs, in, x, from, y, to, outputs, out + row);
          }
        }
      }
    }
  }

  /** Eight outputs, two vectors. */
  private static void eightByTwo(
      float[] w,
      int wAt,
      int wStep,
      int depth,
      int[] inputs,
      int inputsAt,
      float[] x,
      int xAt,
      float[] y,
      int yAt,
      int[] outputs,
      int outputsAt) {
    FloatVector sum00 = FloatVector.zero(SPECIES);
    FloatVector sum01 = sum00;
    FloatVector sum10 = sum00;
    FloatVector sum11 = sum00;
    FloatVector sum20 = sum00;
    FloatVector sum21 = sum00;
    FloatVector sum30 = sum00;
    FloatVector sum31 = sum00;
    FloatVector sum40 = sum00;
    FloatVector sum41 = sum00;
    FloatVector sum50 = sum00;
    FloatVector sum51 = sum00;
    FloatVector sum60 = sum00;
    FloatVector sum61 = sum00;
    FloatVector sum70 = sum00;
    FloatVector sum71 = sum00;
    int at = wAt;
    for (int k = 0; k < depth; k++) {
      int source = xAt + inputs[inputsAt + k];
      FloatVector x0 = FloatVector.fromArray(SPECIES, x, source);
      FloatVector x1 = FloatVector.fromArray(SPECIES, x, source + LANES);
      FloatVector w0 = FloatVector.broadcast(SPECIES, w[at]);
      sum00 = x0.fma(w0, sum00);
      sum01 = x1.fma(w0, sum01);
      FloatVector w1 = FloatVector.broadcast(SPECIES, w[at + 1]);
      sum10 = x0.fma(w1, sum10);
      sum11 = x1.fma(w1, sum11);
      FloatVector w2 = FloatVector.broadcast(SPECIES, w[at + 2]);
      sum20 = x0.fma(w2, sum20);
      sum21 = x1.fma(w2, sum21);
      FloatVector w3 = FloatVector.broadcast(SPECIES, w[at + 3]);
      sum30 = x0.fma(w3, sum30);
      sum31 = x1.fma(w3, sum31);
      FloatVector w4 = FloatVector.broadcast(SPECIES, w[at + 4]);
      sum40 = x0.fma(w4, sum40);
      sum41 = x1.fma(w4, sum41);
      FloatVector w5 = FloatVector.broadcast(SPECIES, w[at + 5]);
      sum50 = x0.fma(w5, sum50);
      sum51 = x1.fma(w5, sum51);
      FloatVector w6 = FloatVector.broadcast(SPECIES, w[at + 6]);
      sum60 = x0.fma(w6, sum60);
      sum61 = x1.fma(w6, sum61);
      FloatVector w7 = FloatVector.broadcast(SPECIES, w[at + 7]);
      sum70 = x0.fma(w7, sum70);
      sum71 = x1.fma(w7, sum71);
      at += wStep;
    }
    int target0 = yAt + outputs[outputsAt];
    sum00.intoArray(y, target0);
    sum01.intoArray(y, target0 + LANES);
    int target1 = yAt + outputs[outputsAt + 1];
    sum10.intoArray(y, target1);
    sum11.intoArray(y, target1 + LANES);
    int target2 = yAt + outputs[outputsAt + 2];
    sum20.intoArray(y, target2);
    sum21.intoArray(y, target2 + LANES);
    int target3 = yAt + outputs[outputsAt + 3];
    sum30.intoArray(y, target3);
    sum31.intoArray(y, target3 + LANES);
    int target4 = yAt + outputs[outputsAt + 4];
    sum40.intoArray(y, target4);
    sum41.intoArray(y, target4 + LANES);
    int target5 = yAt + outputs[outputsAt + 5];
    sum50.intoArray(y, target5);
    sum51.intoArray(y, target5 + LANES);
    int target6 = yAt + outputs[outputsAt + 6];
    sum60.intoArray(y, target6);
    sum61.intoArray(y, target6 + LANES);
    int target7 = yAt + outputs[outputsAt + 7];
    sum70.intoArray(y, target7);
    sum71.intoArray(y, target7 + LANES);
  }

  /** Four outputs, four vectors. */
  private static void fourByFour(
      float[] w,
      int wAt,
      int wStep,
      int depth,
      int[] inputs,
      int inputsAt,
      float[] x,
      int xAt,
      float[] y,
      int yAt,
      int[] outputs,
      int outputsAt) {
    FloatVector sum00 = FloatVector.zero(SPECIES);
    FloatVector sum01 = sum00;
    FloatVector sum02 = sum00;
    FloatVector sum03 = sum00;
    FloatVector sum10 = sum00;
    FloatVector sum11 = sum00;
    FloatVector sum12 = sum00;
    FloatVector sum13 = sum00;
    FloatVector sum20 = sum00;
    FloatVector sum21 = sum00;
    FloatVector sum22 = sum00;
    FloatVector sum23 = sum00;
    FloatVector sum30 = sum00;
    FloatVector sum31 = sum00;
    FloatVector sum32 = sum00;
    FloatVector sum33 = sum00;
    int at = wAt;
    for (int k = 0; k < depth; k++) {
      int source = xAt + inputs[inputsAt + k];
      FloatVector x0 = FloatVector.fromArray(SPECIES, x, source);
      FloatVector x1 = FloatVector.fromArray(SPECIES, x, source + LANES);
      FloatVector x2 = FloatVector.fromArray(SPECIES, x, source + 2 * LANES);
      FloatVector x3 = FloatVector.fromArray(SPECIES, x, source + 3 * LANES);
      FloatVector w0 = FloatVector.broadcast(SPECIES, w[at]);
      sum00 = x0.fma(w0, sum00);
      sum01 = x1.fma(w0, sum01);
      sum02 = x2.fma(w0, sum02);
      sum03 = x3.fma(w0, sum03);
      FloatVector w1 = FloatVector.broadcast(SPECIES, w[at + 1]);
      sum10 = x0.fma(w1, sum10);
      sum11 = x1.fma(w1, sum11);
      sum12 = x2.fma(w1, sum12);
      sum13 = x3.fma(w1, sum13);
      FloatVector w2 = FloatVector.broadcast(SPECIES, w[at + 2]);
      sum20 = x0.fma(w2, sum20);
      sum21 = x1.fma(w2, sum21);
      sum22 = x2.fma(w2, sum22);
      sum23 = x3.fma(w2, sum23);
      FloatVector w3 = FloatVector.broadcast(SPECIES, w[at + 3]);
      sum30 = x0.fma(w3, sum30);
      sum31 = x1.fma(w3, sum31);
      sum32 = x2.fma(w3, sum32);
      sum33 = x3.fma(w3, sum33);
      at += wStep;
    }
    int target0 = yAt + outputs[outputsAt];
    sum00.intoArray(y, target0);
    sum01.intoArray(y, target0 + LANES);
    sum02.intoArray(y, target0 + 2 * LANES);
    sum03.intoArray(y, target0 + 3 * LANES);
    int target1 = yAt + outputs[outputsAt + 1];
    sum10.intoArray(y, target1);
    sum11.intoArray(y, target1 + LANES);
    sum12.intoArray(y, target1 + 2 * LANES);
    sum13.intoArray(y, target1 + 3 * LANES);
    int target2 = yAt + outputs[outputsAt + 2];
    sum20.intoArray(y, target2);
    sum21.intoArray(y, target2 + LANES);
    sum22.intoArray(y, target2 + 2 * LANES);
    sum23.intoArray(y, target2 + 3 * LANES);
    int target3 = yAt + outputs[outputsAt + 3];
    sum30.intoArray(y, target3);
    sum31.intoArray(y, target3 + LANES);
    sum32.intoArray(y, target3 + 2 * LANES);
    sum33.intoArray(y, target3 + 3 * LANES);
  }

  /** Four outputs, two vectors. */
  private static void fourByTwo(
      float[] w,
      int wAt,
      int wStep,
      int depth,
      int[] inputs,
      int inputsAt,
      float[] x,
      int xAt,
      float[] y,
      int yAt,
      int[] outputs,
      int outputsAt) {
    FloatVector sum00 = FloatVector.zero(SPECIES);
    FloatVector sum01 = sum00;
    FloatVector sum10 = sum00;
    FloatVector sum11 = sum00;
    FloatVector sum20 = sum00;
    FloatVector sum21 = sum00;
    FloatVector sum30 = sum00;
    FloatVector sum31 = sum00;
    int at = wAt;
    for (int k = 0; k < depth; k++) {
      int source = xAt + inputs[inputsAt + k];
      FloatVector x0 = FloatVector.fromArray(SPECIES, x, source);
      FloatVector x1 = FloatVector.fromArray(SPECIES, x, source + LANES);
      FloatVector w0 = FloatVector.broadcast(SPECIES, w[at]);
      sum00 = x0.fma(w0, sum00);
      sum01 = x1.fma(w0, sum01);
      FloatVector w1 = FloatVector.broadcast(SPECIES, w[at + 1]);
      sum10 = x0.fma(w1, sum10);
      sum11 = x1.fma(w1, sum11);
      FloatVector w2 = FloatVector.broadcast(SPECIES, w[at + 2]);
      sum20 = x0.fma(w2, sum20);
      sum21 = x1.fma(w2, sum21);
      FloatVector w3 = FloatVector.broadcast(SPECIES, w[at + 3]);
      sum30 = x0.fma(w3, sum30);
      sum31 = x1.fma(w3, sum31);
      at += wStep;
    }
    int target0 = yAt + outputs[outputsAt];
    sum00.intoArray(y, target0);
    sum01.intoArray(y, target0 + LANES);
    int target1 = yAt + outputs[outputsAt + 1];
    sum10.intoArray(y, target1);
    sum11.intoArray(y, target1 + LANES);
    int target2 = yAt + outputs[outputsAt + 2];
    sum20.intoArray(y, target2);
    sum21.intoArray(y, target2 + LANES);
    int target3 = yAt + outputs[outputsAt + 3];
    sum30.intoArray(y, target3);
    sum31.intoArray(y, target3 + LANES);
  }

  /** Two outputs, four vectors. */
  private static void twoByFour(
      float[] w,
      int wAt,
      int wStep,
      int depth,
      int[] inputs,
      int inputsAt,
      float[] x,
      int xAt,
      float[] y,
      int yAt,
      int[] outputs,
      int outputsAt) {
    FloatVector sum00 = FloatVector.zero(SPECIES);
    FloatVector sum01 = sum00;
    FloatVector sum02 = sum00;
    FloatVector sum03 = sum00;
    FloatVector sum10 = sum00;
    FloatVector sum11 = sum00;
    FloatVector sum12 = sum00;
    FloatVector sum13 = sum00;
    int at = wAt;
    for (int k = 0; k < depth; k++) {
      int source = xAt + inputs[inputsAt + k];
      FloatVector x0 = FloatVector.fromArray(SPECIES, x, source);
      FloatVector x1 = FloatVector.fromArray(SPECIES, x, source + LANES);
      FloatVector x2 = FloatVector.fromArray(SPECIES, x, source + 2 * LANES);
      FloatVector x3 = FloatVector.fromArray(SPECIES, x, source + 3 * LANES);
      FloatVector w0 = FloatVector.broadcast(SPECIES, w[at]);
      sum00 = x0.fma(w0, sum00);
      sum01 = x1.fma(w0, sum01);
      sum02 = x2.fma(w0, sum02);
      sum03 = x3.fma(w0, sum03);
      FloatVector w1 = FloatVector.broadcast(SPECIES, w[at + 1]);
      sum10 = x0.fma(w1, sum10);
      sum11 = x1.fma(w1, sum11);
      sum12 = x2.fma(w1, sum12);
      sum13 = x3.fma(w1, sum13);
      at += wStep;
    }
    int target0 = yAt + outputs[outputsAt];
    sum00.intoArray(y, target0);
    sum01.intoArray(y, target0 + LANES);
    sum02.intoArray(y, target0 + 2 * LANES);
    sum03.intoArray(y, target0 + 3 * LANES);
    int target1 = yAt + outputs[outputsAt + 1];
    sum10.intoArray(y, target1);
    sum11.intoArray(y, target1 + LANES);
    sum12.intoArray(y, target1 + 2 * LANES);
    sum13.intoArray(y, target1 + 3 * LANES);
  }

  /** One output, four vectors. */
  private static void oneByFour(
      float[] w,
      int wAt,
      int wStep,
      int depth,
      int[] inputs,
      int inputsAt,
      float[] x,
      int xAt,
      float[] y,
      int yAt,
      int[] outputs,
      int outputsAt) {
    FloatVector sum00 = FloatVector.zero(SPECIES);
    FloatVector sum01 = sum00;
    FloatVector sum02 = sum00;
    FloatVector sum03 = sum00;
    int at = wAt;
    for (int k = 0; k < depth; k++) {
      int source = xAt + inputs[inputsAt + k];
      FloatVector x0 = FloatVector.fromArray(SPECIES, x, source);
      FloatVector x1 = FloatVector.fromArray(SPECIES, x, source + LANES);
      FloatVector x2 = FloatVector.fromArray(SPECIES, x, source + 2 * LANES);
      FloatVector x3 = FloatVector.fromArray(SPECIES, x, source + 3 * LANES);
      FloatVector w0 = FloatVector.broadcast(SPECIES, w[at]);
      sum00 = x0.fma(w0, sum00);
      sum01 = x1.fma(w0, sum01);
      sum02 = x2.fma(w0, sum02);
      sum03 = x3.fma(w0, sum03);
      at += wStep;
    }
    int target0 = yAt + outputs[outputsAt];
    sum00.intoArray(y, target0);
    sum01.intoArray(y, target0 + LANES);
    sum02.intoArray(y, target0 + 2 * LANES);
    sum03.intoArray(y, target0 + 3 * LANES);
  }
}
