package io.github.condensenet4j.kernels.training;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link TrainingKernels#addBlock}: as {@link SimdTrainingTiles}, but sums begin with what is
 * there, and outputs are rows anywhere. Two vectors of columns, of eight rows with 32 registers,
 * else of four.
 */
final class SimdAddedBlocks {

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();
  private static final boolean MANY_REGISTERS = LANES >= 16;

  private SimdAddedBlocks() {}

  /**
   * Adds a block of at least four outputs to {@code columns} columns, a multiple of two vectors.
   */
  static void add(
      BlockProduct product,
      int block,
      float[] w,
      int weightsAt,
      float[] x,
      int xAt,
      float[][] rows,
      int[] rowsAt,
      int from,
      int columns) {
    int size = product.rows[block];
    int depth = product.depth[block];
    int wAt = weightsAt + product.weightsAt[block];
    int[] inputs = product.inputs;
    int in = product.inputsAt[block];
    int[] outputs = product.outputs;
    int out = product.outputsAt[block];
    if (MANY_REGISTERS && size == 8) {
      for (int c = 0; c < columns; c += 2 * LANES) {
        eightByTwo(w, wAt, 8, depth, inputs, in, x, xAt + c, rows, rowsAt, outputs, out, from + c);
      }
    } else {
      for (int r = 0; r < size; r += 4) {
        for (int c = 0; c < columns; c += 2 * LANES) {
          fourByTwo(
              w, wAt + r, size, depth, inputs, in, x, xAt + c, rows, rowsAt, outputs, out + r,
              from + c);
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
      float[][] rows,
      int[] rowsAt,
      int[] outputs,
      int outputsAt,
      int column) {
    int output0 = outputs[outputsAt];
    float[] y0 = rows[output0];
    int at0 = rowsAt[output0] + column;
    int output1 = outputs[outputsAt + 1];
    float[] y1 = rows[output1];
    int at1 = rowsAt[output1] + column;
    int output2 = outputs[outputsAt + 2];
    float[] y2 = rows[output2];
    int at2 = rowsAt[output2] + column;
    int output3 = outputs[outputsAt + 3];
    float[] y3 = rows[output3];
    int at3 = rowsAt[output3] + column;
    int output4 = outputs[outputsAt + 4];
    float[] y4 = rows[output4];
    int at4 = rowsAt[output4] + column;
    int output5 = outputs[outputsAt + 5];
    float[] y5 = rows[output5];
    int at5 = rowsAt[output5] + column;
    int output6 = outputs[outputsAt + 6];
    float[] y6 = rows[output6];
    int at6 = rowsAt[output6] + column;
    int output7 = outputs[outputsAt + 7];
    float[] y7 = rows[output7];
    int at7 = rowsAt[output7] + column;
    FloatVector sum00 = FloatVector.fromArray(SPECIES, y0, at0);
    FloatVector sum01 = FloatVector.fromArray(SPECIES, y0, at0 + LANES);
    FloatVector sum10 = FloatVector.fromArray(SPECIES, y1, at1);
    FloatVector sum11 = FloatVector.fromArray(SPECIES, y1, at1 + LANES);
    FloatVector sum20 = FloatVector.fromArray(SPECIES, y2, at2);
    FloatVector sum21 = FloatVector.fromArray(SPECIES, y2, at2 + LANES);
    FloatVector sum30 = FloatVector.fromArray(SPECIES, y3, at3);
    FloatVector sum31 = FloatVector.fromArray(SPECIES, y3, at3 + LANES);
    FloatVector sum40 = FloatVector.fromArray(SPECIES, y4, at4);
    FloatVector sum41 = FloatVector.fromArray(SPECIES, y4, at4 + LANES);
    FloatVector sum50 = FloatVector.fromArray(SPECIES, y5, at5);
    FloatVector sum51 = FloatVector.fromArray(SPECIES, y5, at5 + LANES);
    FloatVector sum60 = FloatVector.fromArray(SPECIES, y6, at6);
    FloatVector sum61 = FloatVector.fromArray(SPECIES, y6, at6 + LANES);
    FloatVector sum70 = FloatVector.fromArray(SPECIES, y7, at7);
    FloatVector sum71 = FloatVector.fromArray(SPECIES, y7, at7 + LANES);
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
    // Known to be 0, but not to the compiler, which would keep all addresses in registers meanwhile
    // and put vectors out of them.
    int moved = at - wAt - depth * wStep;
    int target0 = outputs[outputsAt + moved];
    float[] z0 = rows[target0];
    int to0 = rowsAt[target0] + column;
    sum00.intoArray(z0, to0);
    sum01.intoArray(z0, to0 + LANES);
    int target1 = outputs[outputsAt + moved + 1];
    float[] z1 = rows[target1];
    int to1 = rowsAt[target1] + column;
    sum10.intoArray(z1, to1);
    sum11.intoArray(z1, to1 + LANES);
    int target2 = outputs[outputsAt + moved + 2];
    float[] z2 = rows[target2];
    int to2 = rowsAt[target2] + column;
    sum20.intoArray(z2, to2);
    sum21.intoArray(z2, to2 + LANES);
    int target3 = outputs[outputsAt + moved + 3];
    float[] z3 = rows[target3];
    int to3 = rowsAt[target3] + column;
    sum30.intoArray(z3, to3);
    sum31.intoArray(z3, to3 + LANES);
    int target4 = outputs[outputsAt + moved + 4];
    float[] z4 = rows[target4];
    int to4 = rowsAt[target4] + column;
    sum40.intoArray(z4, to4);
    sum41.intoArray(z4, to4 + LANES);
    int target5 = outputs[outputsAt + moved + 5];
    float[] z5 = rows[target5];
    int to5 = rowsAt[target5] + column;
    sum50.intoArray(z5, to5);
    sum51.intoArray(z5, to5 + LANES);
    int target6 = outputs[outputsAt + moved + 6];
    float[] z6 = rows[target6];
    int to6 = rowsAt[target6] + column;
    sum60.intoArray(z6, to6);
    sum61.intoArray(z6, to6 + LANES);
    int target7 = outputs[outputsAt + moved + 7];
    float[] z7 = rows[target7];
    int to7 = rowsAt[target7] + column;
    sum70.intoArray(z7, to7);
    sum71.intoArray(z7, to7 + LANES);
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
      float[][] rows,
      int[] rowsAt,
      int[] outputs,
      int outputsAt,
      int column) {
    int output0 = outputs[outputsAt];
    float[] y0 = rows[output0];
    int at0 = rowsAt[output0] + column;
    int output1 = outputs[outputsAt + 1];
    float[] y1 = rows[output1];
    int at1 = rowsAt[output1] + column;
    int output2 = outputs[outputsAt + 2];
    float[] y2 = rows[output2];
    int at2 = rowsAt[output2] + column;
    int output3 = outputs[outputsAt + 3];
    float[] y3 = rows[output3];
    int at3 = rowsAt[output3] + column;
    FloatVector sum00 = FloatVector.fromArray(SPECIES, y0, at0);
    FloatVector sum01 = FloatVector.fromArray(SPECIES, y0, at0 + LANES);
    FloatVector sum10 = FloatVector.fromArray(SPECIES, y1, at1);
    FloatVector sum11 = FloatVector.fromArray(SPECIES, y1, at1 + LANES);
    FloatVector sum20 = FloatVector.fromArray(SPECIES, y2, at2);
    FloatVector sum21 = FloatVector.fromArray(SPECIES, y2, at2 + LANES);
    FloatVector sum30 = FloatVector.fromArray(SPECIES, y3, at3);
    FloatVector sum31 = FloatVector.fromArray(SPECIES, y3, at3 + LANES);
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
    // Known to be 0, but not to the compiler, which would keep all addresses in registers meanwhile
    // and put vectors out of them.
    int moved = at - wAt - depth * wStep;
    int target0 = outputs[outputsAt + moved];
    float[] z0 = rows[target0];
    int to0 = rowsAt[target0] + column;
    sum00.intoArray(z0, to0);
    sum01.intoArray(z0, to0 + LANES);
    int target1 = outputs[outputsAt + moved + 1];
    float[] z1 = rows[target1];
    int to1 = rowsAt[target1] + column;
    sum10.intoArray(z1, to1);
    sum11.intoArray(z1, to1 + LANES);
    int target2 = outputs[outputsAt + moved + 2];
    float[] z2 = rows[target2];
    int to2 = rowsAt[target2] + column;
    sum20.intoArray(z2, to2);
    sum21.intoArray(z2, to2 + LANES);
    int target3 = outputs[outputsAt + moved + 3];
    float[] z3 = rows[target3];
    int to3 = rowsAt[target3] + column;
    sum30.intoArray(z3, to3);
    sum31.intoArray(z3, to3 + LANES);
  }
}
