package io.github.condensenet4j.training.evaluation;

import io.github.condensenet4j.core.InvalidOptionException;
import java.util.Arrays;
import java.util.Locale;

/** The number by which networks are compared ({@code --eval-metric} of the official training). */
public enum EvaluationMetric {
  /** Percentage of images whose class is the first answer; more is better. */
  TOP1,
  /** Percentage of images whose class is among the first five answers; more is better. */
  TOP5,
  /** Mean cross entropy; less is better. */
  LOSS;

  /**
   * Returns the metric of an option's value.
   *
   * @throws InvalidOptionException if there is none
   */
  public static EvaluationMetric of(String option) {
    return Arrays.stream(values())
        .filter(metric -> metric.toString().equals(option.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () -> new InvalidOptionException("--eval-metric", "top1, top5 or loss", option));
  }

  /** Returns the metric's value of a result. */
  public double of(EvaluationResult result) {
    return switch (this) {
      case TOP1 -> result.top1();
      case TOP5 -> result.top5();
      case LOSS -> result.loss();
    };
  }

  /** Tells whether {@code value} is better than {@code other}. */
  public boolean isBetter(double value, double other) {
    return this == LOSS ? value < other : value > other;
  }

  /** Returns the option's value. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
