package io.github.condensenet4j.training.step;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.schedule.LearningRateSchedule;
import io.github.condensenet4j.core.schedule.LearningRateSchedule.WarmUp;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** How the learning rate falls once it has risen. */
public enum Schedule {
  /** Half a cosine, down to the lowest rate. */
  COSINE,
  /** A straight line, down to the lowest rate. */
  LINEAR,
  /** By a factor every so many epochs, after a warm-up. */
  MULTISTEP,
  /** By a factor every so many epochs, without a warm-up. */
  EXPONENTIAL,
  /**
   * By a factor at given epochs, without a warm-up; where none are given at half and three quarters
   * of training, as CondenseNet does on CIFAR.
   */
  UNEVEN_MULTISTEP;

  /**
   * Returns the schedule of an option's value; {@code cos} and {@code step} are understood as well.
   *
   * @throws InvalidOptionException if there is none
   */
  public static Schedule of(String option) {
    String name = option.toUpperCase(Locale.ROOT).replace('-', '_');
    return switch (name) {
      case "COS" -> COSINE;
      case "STEP" -> MULTISTEP;
      default ->
          Arrays.stream(values())
              .filter(schedule -> schedule.name().equals(name))
              .findFirst()
              .orElseThrow(
                  () -> new InvalidOptionException("--sched", "one of " + names(), option));
    };
  }

  /** Tells whether the rate falls all the time, so that it has a lowest one to fall to. */
  public boolean fallsToLowest() {
    return this == COSINE || this == LINEAR;
  }

  private static String names() {
    return Arrays.stream(values()).map(Schedule::toString).collect(Collectors.joining(", "));
  }

  /**
   * Returns the rates.
   *
   * @param rate rate after the warm-up
   * @param lowest rate at the end, for those that fall all the time
   * @param warmUp rise before it, for those that have one
   * @param epochs epochs of the whole training
   * @param decayRate factor of each fall
   * @param decayEpochs epochs between falls
   * @param milestones first epochs of the lower rates
   */
  public LearningRateSchedule rates(
      double rate,
      double lowest,
      WarmUp warmUp,
      int epochs,
      double decayRate,
      double decayEpochs,
      List<Double> milestones) {
    return switch (this) {
      case COSINE -> new LearningRateSchedule.Cosine(rate, lowest, warmUp, epochs);
      case LINEAR -> new LearningRateSchedule.Linear(rate, lowest, warmUp, epochs);
      case MULTISTEP -> new LearningRateSchedule.Steps(rate, warmUp, decayRate, decayEpochs);
      case EXPONENTIAL -> new LearningRateSchedule.Steps(rate, WarmUp.NONE, decayRate, decayEpochs);
      case UNEVEN_MULTISTEP ->
          milestones.isEmpty()
              ? LearningRateSchedule.Milestones.ofCifar(rate, epochs)
              : new LearningRateSchedule.Milestones(rate, decayRate, milestones);
    };
  }

  /** Returns the option's value. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
