package io.github.condensenet4j.layers.unit;

import io.github.condensenet4j.layers.arithmetic.Arithmetic;
import io.github.condensenet4j.layers.arithmetic.Matrix;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One forward pass of a layer and the backward pass that may follow.
 *
 * @param arithmetic the operations
 * @param parameters the layer's parameters by name; statistics are written to
 * @param gradients where gradients go, by parameter; null in a forward pass
 * @param training whether normalisation uses the statistics of the batch and dropout drops
 * @param saving whether a backward pass follows, which needs the inputs of each step
 * @param seed seed of the network, for dropout
 */
public record Pass(
    Arithmetic arithmetic,
    Map<String, INDArray> parameters,
    Map<String, INDArray> gradients,
    boolean training,
    boolean saving,
    long seed) {

  /** Returns the parameter {@code name} as Deeplearning4j keeps it. */
  INDArray array(String name) {
    return parameters.get(name);
  }

  /** Returns the parameter {@code name} for reading. */
  Matrix matrix(String name) {
    return arithmetic.parameter(array(name));
  }

  /** Returns the numbers of the parameter {@code name}. */
  double[] vector(String name) {
    return array(name).toDoubleVector();
  }

  /** Returns the numbers of the parameter {@code name}, which are whole. */
  int[] indices(String name) {
    return array(name).toIntVector();
  }

  /** Hands the gradient of the parameter {@code name} over. */
  void gradient(String name, Matrix gradient) {
    arithmetic.storeGradient(gradient, gradients.get(name));
  }

  /** Hands the gradient of the vector {@code name} over. */
  void gradient(String name, double[] gradient) {
    write(gradients.get(name), gradient);
  }

  /** Copies {@code values} to {@code target}, a vector. */
  static void write(INDArray target, double[] values) {
    target.assign(Nd4j.createFromArray(values).castTo(target.dataType()).reshape(target.shape()));
  }
}
