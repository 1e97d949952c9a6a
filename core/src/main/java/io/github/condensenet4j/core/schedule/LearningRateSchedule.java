package io.github.condensenet4j.core.schedule;

import io.github.condensenet4j.core.InvalidOptionException;
import java.util.List;

/**
 * The learning rate as a pure function of the position in training, so that a resumed run needs no
 * state (official {@code utils.scheduler.LrScheduler} and CondenseNet's {@code
 * adjust_learning_rate}).
 */
public sealed interface LearningRateSchedule {

  /**
   * Returns the rate of one step.
   *
   * @param epoch epoch, counted from 0
   * @param batch batch of the epoch, counted from 0
   * @param batchesPerEpoch batches of each epoch
   */
  double rateAt(int epoch, int batch, int batchesPerEpoch);

  /**
   * A linear rise before the schedule proper.
   *
   * @param startRate rate of the first step
   * @param epochs length; 0 for none, then training starts at the full rate
   */
  record WarmUp(double startRate, int epochs) {

    /** No rise: the first step has the full rate. */
    public static final WarmUp NONE = new WarmUp(0, 0);

    /** Refuses negative numbers. */
    public WarmUp {
      requireRate("warm-up rate", startRate);
      if (epochs < 0) {
        throw new InvalidOptionException("warm-up epochs", "at least 0", epochs);
      }
    }

    boolean covers(int epoch) {
      return epoch < epochs;
    }

    double rateAt(double fullRate, int epoch, int batch, int batchesPerEpoch) {
      double done = position(epoch, batch, batchesPerEpoch) / position(epochs, 0, batchesPerEpoch);
      return startRate + (fullRate - startRate) * done;
    }
  }

  /**
   * Half a cosine from {@code rate} to {@code lowest}, over the epochs that the warm-up leaves.
   *
   * @param rate rate after warm-up
   * @param lowest rate that the last step comes close to, at most {@code rate}; officially 0
   * @param warmUp rise before it
   * @param epochs epochs of the whole training, warm-up included
   */
  record Cosine(double rate, double lowest, WarmUp warmUp, int epochs)
      implements LearningRateSchedule {

    /** Refuses a negative or rising rate and an empty training. */
    public Cosine {
      requireRate("learning rate", rate);
      requireLowest(lowest, rate);
      requireEpochs(epochs);
    }

    /** Falls to 0. */
    public Cosine(double rate, WarmUp warmUp, int epochs) {
      this(rate, 0, warmUp, epochs);
    }

    @Override
    public double rateAt(int epoch, int batch, int batchesPerEpoch) {
      if (warmUp.covers(epoch)) {
        return warmUp.rateAt(rate, epoch, batch, batchesPerEpoch);
      }
      if (epochs <= warmUp.epochs()) {
        return rate;
      }
      int after = warmUp.epochs() == 0 ? epoch % epochs : epoch - warmUp.epochs();
      double done = position(after, batch, batchesPerEpoch);
      double total = position(epochs - warmUp.epochs(), 0, batchesPerEpoch);
      return lowest + 0.5 * (rate - lowest) * (1 + Math.cos(Math.PI * done / total));
    }
  }

  /**
   * A straight line from {@code rate} to {@code lowest} over the whole training; the part under the
   * warm-up is cut off, as in the official code.
   *
   * @param rate rate that the line starts from
   * @param lowest rate that the last step comes close to, at most {@code rate}; officially 0
   * @param warmUp rise before it
   * @param epochs epochs of the whole training
   */
  record Linear(double rate, double lowest, WarmUp warmUp, int epochs)
      implements LearningRateSchedule {

    /** Refuses a negative or rising rate and an empty training. */
    public Linear {
      requireRate("learning rate", rate);
      requireLowest(lowest, rate);
      requireEpochs(epochs);
    }

    /** Falls to 0. */
    public Linear(double rate, WarmUp warmUp, int epochs) {
      this(rate, 0, warmUp, epochs);
    }

    @Override
    public double rateAt(int epoch, int batch, int batchesPerEpoch) {
      if (warmUp.covers(epoch)) {
        return warmUp.rateAt(rate, epoch, batch, batchesPerEpoch);
      }
      double done = position(epoch % epochs, batch, batchesPerEpoch);
      return lowest + (rate - lowest) * (1 - done / position(epochs, 0, batchesPerEpoch));
    }
  }

  /**
   * Multiplied by {@code decayRate} every {@code decayEpochs} epochs, counted from the first epoch.
   * Without warm-up this is also the official {@code exponential}.
   *
   * @param rate rate at first
   * @param warmUp rise before it
   * @param decayRate factor of each step
   * @param decayEpochs epochs between steps
   */
  record Steps(double rate, WarmUp warmUp, double decayRate, double decayEpochs)
      implements LearningRateSchedule {

    /** Refuses a negative rate, factor or distance. */
    public Steps {
      requireRate("learning rate", rate);
      requireRate("decay rate", decayRate);
      if (!(decayEpochs > 0)) {
        throw new InvalidOptionException("decay epochs", "more than 0", decayEpochs);
      }
    }

    @Override
    public double rateAt(int epoch, int batch, int batchesPerEpoch) {
      if (warmUp.covers(epoch)) {
        return warmUp.rateAt(rate, epoch, batch, batchesPerEpoch);
      }
      return rate * Math.pow(decayRate, Math.floor(epoch / decayEpochs));
    }
  }

  /**
   * Multiplied by {@code decayRate} at each of some epochs; there is no warm-up, as in the official
   * code.
   *
   * @param rate rate at first
   * @param decayRate factor of each step
   * @param milestones first epochs of the lower rates
   */
  record Milestones(double rate, double decayRate, List<Double> milestones)
      implements LearningRateSchedule {

    /** Refuses a negative rate or factor. */
    public Milestones {
      requireRate("learning rate", rate);
      requireRate("decay rate", decayRate);
      milestones = List.copyOf(milestones);
    }

    /**
     * Returns CondenseNet's CIFAR schedule: a tenth from half of training on, a tenth again from
     * three quarters on.
     */
    public static Milestones ofCifar(double rate, int epochs) {
      return new Milestones(rate, 0.1, List.of(epochs * 0.5, epochs * 0.75));
    }

    @Override
    public double rateAt(int epoch, int batch, int batchesPerEpoch) {
      int passed = (int) milestones.stream().filter(milestone -> epoch >= milestone).count();
      return rate * Math.pow(decayRate, passed);
    }
  }

  private static double position(int epoch, int batch, int batchesPerEpoch) {
    return (double) ((long) epoch * batchesPerEpoch + batch);
  }

  private static void requireRate(String quantity, double found) {
    // Written so that not-a-number is refused as well.
    if (!(found >= 0 && found < Double.POSITIVE_INFINITY)) {
      throw new InvalidOptionException(quantity, "a finite number of at least 0", found);
    }
  }

  private static void requireLowest(double found, double rate) {
    if (!(found >= 0 && found <= rate)) {
      throw new InvalidOptionException(
          "lowest learning rate", "at least 0, at most " + rate, found);
    }
  }

  private static void requireEpochs(int found) {
    if (found < 1) {
      throw new InvalidOptionException("epochs", "at least 1", found);
    }
  }
}
