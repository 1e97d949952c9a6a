package io.github.condensenet4j.training;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.images.EvaluationView;
import io.github.condensenet4j.training.evaluation.EvaluationMetric;
import java.util.Optional;

/**
 * When a run evaluates its network, and by what it tells the best one.
 *
 * @param metric decides which epoch is the best, by the moving average where one is kept
 * @param views how many {@link io.github.condensenet4j.images.EvaluationView}s of an image are
 *     classified and averaged, 1 to 10
 * @param startEpoch after which epoch every one is evaluated and before it every fifth, as in the
 *     official training; empty to evaluate after every epoch. The last one is evaluated anyway
 */
public record Validation(EvaluationMetric metric, int views, Optional<Integer> startEpoch) {

  /** After every epoch, by top-1. */
  public static final Validation EVERY_EPOCH =
      new Validation(EvaluationMetric.TOP1, 1, Optional.empty());

  private static final int SELDOM = 5;

  /**
   * Checks the numbers.
   *
   * @throws InvalidOptionException if one is out of range
   */
  public Validation {
    if (views < 1 || views > EvaluationView.values().length) {
      throw new InvalidOptionException(
          "--tta", "0 to " + EvaluationView.values().length + " views", views);
    }
    startEpoch.ifPresent(
        epoch -> {
          if (epoch < 0) {
            throw new InvalidOptionException("--start-eval-epoch", "at least 0", epoch);
          }
        });
  }

  /** Tells whether the network is evaluated after {@code epoch} of {@code epochs}. */
  boolean isDueAfter(int epoch, int epochs) {
    return startEpoch.isEmpty()
        || epoch > startEpoch.get()
        || epoch % SELDOM == 0
        || epoch == epochs - 1;
  }
}
