package io.github.condensenet4j.training.optimizer;

import io.github.condensenet4j.core.InvalidOptionException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.RmsProp;

/** The optimisers that a run can choose from. */
public enum Optimizer {
  /** Momentum with Nesterov's correction: the official one. */
  SGD,
  /** Momentum without the correction. */
  MOMENTUM,
  /** Adam; decay goes through its moments. */
  ADAM,
  /** Adam with decay beside its moments. */
  ADAMW,
  /** Adam with Nesterov's correction. */
  NADAM,
  /** Adam with the largest gradient in the place of the second moment. */
  ADAMAX,
  /** Adam whose second moment never falls. */
  AMSGRAD,
  /** Gradients over the root of all squares so far. */
  ADAGRAD,
  /** Gradients over the root of a running mean of squares. */
  RMSPROP;

  private static final double MEAN_DECAY = 0.9;
  private static final double SQUARES_DECAY = 0.999;
  private static final double RMS_DECAY = 0.9;

  /**
   * Returns the optimiser of an option's value: {@code sgd} (also {@code nesterov}), {@code adamw}
   * and so on.
   *
   * @throws InvalidOptionException if there is none
   */
  public static Optimizer of(String option) {
    String name = option.toUpperCase(Locale.ROOT);
    if (name.equals("NESTEROV")) {
      return SGD;
    }
    return Arrays.stream(values())
        .filter(optimizer -> optimizer.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new InvalidOptionException("--opt", "one of " + names(), option));
  }

  private static String names() {
    return Arrays.stream(values()).map(Optimizer::toString).collect(Collectors.joining(", "));
  }

  /** Tells whether weight decay is added to the update rather than to the gradient. */
  public boolean decouplesDecay() {
    return this == ADAMW;
  }

  /**
   * Makes the updater.
   *
   * @param rate learning rate; whoever trains sets that of each step
   * @param momentum momentum of {@link #SGD} and {@link #MOMENTUM}
   * @param epsilon what keeps denominators of the others above 0
   */
  public IUpdater updater(double rate, double momentum, double epsilon) {
    return switch (this) {
      case SGD -> new NesterovSgd(rate, momentum, true);
      case MOMENTUM -> new NesterovSgd(rate, momentum, false);
      case ADAM, ADAMW -> new Adam(rate, MEAN_DECAY, SQUARES_DECAY, epsilon);
      case NADAM -> new Nadam(rate, MEAN_DECAY, SQUARES_DECAY, epsilon);
      case ADAMAX -> new AdaMax(rate, MEAN_DECAY, SQUARES_DECAY, epsilon);
      case AMSGRAD -> new AMSGrad(rate, MEAN_DECAY, SQUARES_DECAY, epsilon);
      case ADAGRAD -> new AdaGrad(rate, epsilon);
      case RMSPROP -> new RmsProp(rate, RMS_DECAY, epsilon);
    };
  }

  /** Returns the option's value. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
