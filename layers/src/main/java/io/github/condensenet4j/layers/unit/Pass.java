package io.github.condensenet4j.layers.unit;

import io.github.condensenet4j.layers.arithmetic.Arithmetic;
import io.github.condensenet4j.layers.arithmetic.Extent;
import io.github.condensenet4j.layers.arithmetic.Matrix;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One forward pass of a layer and the backward pass that may follow.
 *
 * @param arithmetic the operations
 * @param parameters the layer's parameters by name; statistics are written to
 * @param gradients where gradients go, by parameter; null in a forward pass
 * @param training whether normalisation uses the statistics of the batch and dropout drops
 * @param saving whether a backward pass follows, which needs the inputs of each step
 * @param seed seed of the network, for dropout
 * @param readersPlace where the layer that reads the output wants it, by its extent; or null
 */
public record Pass(
    Arithmetic arithmetic,
    Map<String, INDArray> parameters,
    Map<String, INDArray> gradients,
    boolean training,
    boolean saving,
    long seed,
    ReadersPlace readersPlace) {

  /** Memory of a reader. */
  @FunctionalInterface
  public interface ReadersPlace {
    /** Returns a matrix with undefined content. */
    Matrix of(Extent extent);
  }

  /** Returns where the output of the whole layer goes. */
  Matrix output(int channels, Extent extent) {
    return readersPlace == null ? arithmetic.allocate(channels, extent) : readersPlace.of(extent);
  }

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
    return arithmetic.numbers(array(name));
  }

  /** Returns the numbers of the parameter {@code name}, which are whole. */
  int[] indices(String name) {
    return array(name).toIntVector();
  }

  /** Hands the gradient of the parameter {@code name} over. */
  void gradient(String name, Matrix gradient) {
    gradient(name, gradient, null);
  }

  /** Hands the gradient of the parameter {@code name} over, 0 where {@code mask} is. */
  void gradient(String name, Matrix gradient, INDArray mask) {
    arithmetic.storeGradient(gradient, mask, gradients.get(name));
  }

  /** Hands the gradient of the vector {@code name} over. */
  void gradient(String name, double[] gradient) {
    arithmetic.storeNumbers(gradient, gradients.get(name));
  }

  /** Changes the numbers of the parameter {@code name}. */
  void write(String name, double[] values) {
    arithmetic.storeNumbers(values, array(name));
  }
}
