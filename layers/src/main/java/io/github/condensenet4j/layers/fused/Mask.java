package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.kernels.training.TrainingKernels;
import io.github.condensenet4j.layers.arithmetic.ConvolutionShape;
import java.util.Arrays;

/** Which connections of a weight are kept, and what follows from it until it changes. */
final class Mask {

  private float[] values = new float[0];
  private Connections connections;

  /** Takes the mask as it is now, {@code length} numbers of 0 and 1 from {@code at} on. */
  void update(float[] array, int at, int length) {
    if (!Arrays.equals(values, 0, values.length, array, at, at + length)) {
      values = Arrays.copyOfRange(array, at, at + length);
      connections = null;
    }
  }

  /** Returns the connections of a convolution that this mask leaves. */
  Connections connections(ConvolutionShape shape, TrainingKernels kernels) {
    if (connections == null) {
      connections = Connections.of(shape, values, kernels);
    }
    return connections;
  }
}
