package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.kernels.training.TrainingKernels;
import io.github.condensenet4j.layers.arithmetic.ConvolutionShape;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Which connections of a weight are kept, and what follows from it until it changes. */
final class Mask {

  private float[] values = new float[0];
  private Connections connections;

  /** Takes the mask as it is now, numbers of 0 and 1. */
  void update(INDArray mask, ParameterViews parameters, Crew crew) {
    if (!parameters.hold(mask, values, crew)) {
      values = new float[Math.toIntExact(mask.length())];
      parameters.load(mask, values, 0, crew);
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
