package io.github.condensenet4j.zoo;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;

/**
 * What a graph needs to know beside its network.
 *
 * @param seed seed of initial weights and of dropout
 * @param dataType type of parameters and activations
 * @param updater what turns gradients into changes of weights; weight decay is not part of it
 */
public record GraphOptions(long seed, DataType dataType, IUpdater updater) {

  /** Returns options for graphs that only answer: single precision, no updater. */
  public static GraphOptions inference() {
    return new GraphOptions(0, DataType.FLOAT, new NoOp());
  }

  /** Returns the same options with another type. */
  public GraphOptions as(DataType newDataType) {
    return new GraphOptions(seed, newDataType, updater);
  }
}
