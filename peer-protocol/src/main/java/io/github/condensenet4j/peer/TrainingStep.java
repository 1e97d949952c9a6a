package io.github.condensenet4j.peer;

/**
 * The numbers of a training step, the same for all sides: the official recipe, with a rate so small
 * that hundreds of steps on one batch stay tame.
 */
public final class TrainingStep {

  /** Learning rate. */
  public static final double RATE = 0.001;

  /** Momentum of stochastic gradient descent, with Nesterov's correction. */
  public static final double MOMENTUM = 0.9;

  /** Weight decay; CondenseNetV2 leaves one-dimensional parameters out. */
  public static final double WEIGHT_DECAY = 1e-4;

  /** Share of each label that is spread over all classes. */
  public static final double SMOOTHING = 0.1;

  private TrainingStep() {}
}
