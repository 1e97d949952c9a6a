package io.github.condensenet4j.layers.arithmetic;

import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The products {@code Σ x[j] · y[j]} of all pairs of rows, by ND4J's matrix product, for one
 * thread.
 *
 * <p>A pair at a time takes two loads for each multiplication; a matrix product keeps its operands
 * in registers and is several times as fast, copying included, once there are a few hundred pairs.
 */
final class WeightProduct {

  private INDArray memory = Nd4j.empty(DataType.FLOAT);
  private float[] products = new float[0];

  /**
   * Returns product {@code r · y.length + c} of {@code x[r]} and {@code y[c]} over {@code n}
   * columns; valid until the next call.
   */
  @SuppressWarnings("try") // open while the product is computed, never named
  float[] of(float[][] x, float[][] y, int n) {
    try (MemoryWorkspace none = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      long rows = (long) (x.length + y.length) * n;
      int pairs = x.length * y.length;
      if (memory.isEmpty() || memory.length() < rows + pairs) {
        memory = Nd4j.createUninitialized(DataType.FLOAT, rows + pairs);
      }
      if (products.length < pairs) {
        products = new float[pairs];
      }
      FloatPointer pointer = new FloatPointer(memory.data().addressPointer());
      for (int r = 0; r < x.length; r++) {
        pointer.position((long) r * n).put(x[r], 0, n);
      }
      for (int c = 0; c < y.length; c++) {
        pointer.position((long) (x.length + c) * n).put(y[c], 0, n);
      }
      // Rows one after the other are the columns of a matrix in Fortran order, as BLAS wants it.
      INDArray left = part(0, n, x.length);
      INDArray right = part((long) x.length * n, n, y.length);
      INDArray result = part(rows, y.length, x.length);
      Nd4j.gemm(right, left, result, true, false, 1, 0);
      pointer.position(rows).get(products, 0, pairs);
      return products;
    }
  }

  private INDArray part(long from, int rows, int columns) {
    return Nd4j.create(memory.data(), new long[] {rows, columns}, new long[] {1, rows}, from, 'f');
  }
}
