package io.github.condensenet4j.training.optimizer;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.Axpy;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;

/** The velocities of {@link NesterovSgd} for one stretch of parameters, and the step itself. */
final class NesterovSgdUpdater implements GradientUpdater<NesterovSgd> {

  private static final String VELOCITY = "V";

  private final NesterovSgd config;
  private INDArray velocity;

  NesterovSgdUpdater(NesterovSgd config) {
    this.config = config;
  }

  @Override
  public NesterovSgd getConfig() {
    return config;
  }

  @Override
  public Map<String, INDArray> getState() {
    return Map.of(VELOCITY, velocity);
  }

  @Override
  public void setState(Map<String, INDArray> state, boolean initialize) {
    if (state.size() != 1 || !state.containsKey(VELOCITY)) {
      throw new IllegalArgumentException("state holds " + state.keySet() + ", [V] expected");
    }
    velocity = state.get(VELOCITY);
    if (initialize) {
      velocity.assign(0);
    }
  }

  @Override
  public void setStateViewArray(
      INDArray view, long[] gradientShape, char gradientOrder, boolean initialize) {
    velocity = view.reshape(gradientOrder, gradientShape);
    if (initialize) {
      velocity.assign(0);
    }
  }

  /** Replaces {@code gradient} by what is to be subtracted from the weights. */
  @Override
  public void applyUpdater(INDArray gradient, int iteration, int epoch) {
    double momentum = config.momentum();
    velocity.muli(momentum).addi(gradient);
    if (config.isNesterov()) {
      Nd4j.exec(new Axpy(velocity, gradient, gradient, momentum));
    } else {
      gradient.assign(velocity);
    }
    gradient.muli(config.getLearningRate(iteration, epoch));
  }
}
