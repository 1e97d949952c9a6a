package io.github.condensenet4j.layers;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** How far arrays are apart. */
final class Closeness {

  private Closeness() {}

  /** Returns the largest difference, in units of the largest absolute value of {@code expected}. */
  static double largestDifference(INDArray actual, INDArray expected) {
    double[] a = actual.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    double[] e = expected.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    if (a.length != e.length) {
      return Double.POSITIVE_INFINITY;
    }
    double difference = 0;
    double scale = 0;
    for (int i = 0; i < a.length; i++) {
      if (!(Math.abs(a[i]) < Double.MAX_VALUE)) {
        return Double.POSITIVE_INFINITY;
      }
      difference = Math.max(difference, Math.abs(a[i] - e[i]));
      scale = Math.max(scale, Math.abs(e[i]));
    }
    return difference == 0 ? 0 : difference / scale;
  }
}
