package io.github.condensenet4j.training;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.schedule.LearningRateSchedule;
import io.github.condensenet4j.core.schedule.LearningRateSchedule.WarmUp;
import io.github.condensenet4j.training.evaluation.EvaluationMetric;
import io.github.condensenet4j.training.optimizer.Optimizer;
import io.github.condensenet4j.training.step.DecayRule;
import io.github.condensenet4j.training.step.EmaDecay;
import io.github.condensenet4j.training.step.Schedule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The recipe of a run. What is not set is as in the official CondenseNetV2 training.
 *
 * @param epochs passes of the schedule; a run may end earlier only by being stopped
 * @param batchSize images of a step, over all workers and parts
 * @param gradAccum parts into which each worker's share of a batch is split; running statistics
 *     move with each part
 * @param workers replicas that share each batch
 * @param seed seed of initial weights, order of images, augmentation and dropout
 * @param optimizer how gradients become updates
 * @param momentum momentum of the optimiser
 * @param optEps what keeps the denominators of Adam and its like above 0
 * @param weightDecay pull towards zero; never part of the logged loss
 * @param decayRule what decays; empty for the rule of the network's family
 * @param schedule how the learning rate falls
 * @param lr learning rate after warm-up, for the whole batch
 * @param minLr learning rate that schedules end at that fall all the time; at most {@code lr}
 * @param warmupLr learning rate of the first step, if there is a warm-up
 * @param warmupEpochs epochs in which the rate rises; 0 starts at {@code lr}
 * @param decayRate factor by which stepwise schedules lower the rate
 * @param decayEpochs epochs between two falls of stepwise schedules
 * @param milestones first epochs of the lower rates of the uneven schedule
 * @param smoothing share of each label that is spread over all classes, in training only
 * @param emaDecay how much of the moving average is kept at a step
 * @param groupLassoLambda weight of the group lasso in the loss
 * @param clipGrad greatest length of the gradient; 0 for any
 * @param splitNorms whether versions of an image are normalised apart, or halves of a batch where
 *     there is one version only
 * @param literalStages whether at most one share of connections is dropped a step, as the official
 *     code does, even if more are due
 * @param batchesPerEpoch steps of an epoch; 0 for a pass over the images
 * @param checkpointEvery steps between checkpoints within an epoch; 0 for none but at its end
 * @param validationBatchFactor how many times {@code batchSize} are evaluated at a time; 0 for 64
 *     images. Results do not depend on it
 * @param validation when the network is evaluated, and by what the best one is told
 * @param startEpoch epoch to begin with, wherever the run that is resumed stands; empty to go on
 *     there
 * @param logSteps whether {@code steps.csv} is written
 * @param existingRun what to do with a run that the folder holds already
 */
public record TrainingOptions(
    int epochs,
    int batchSize,
    int gradAccum,
    int workers,
    long seed,
    Optimizer optimizer,
    double momentum,
    double optEps,
    double weightDecay,
    Optional<DecayRule> decayRule,
    Schedule schedule,
    double lr,
    double minLr,
    double warmupLr,
    int warmupEpochs,
    double decayRate,
    double decayEpochs,
    List<Double> milestones,
    double smoothing,
    EmaDecay emaDecay,
    double groupLassoLambda,
    double clipGrad,
    boolean splitNorms,
    boolean literalStages,
    long batchesPerEpoch,
    long checkpointEvery,
    int validationBatchFactor,
    Validation validation,
    Optional<Integer> startEpoch,
    boolean logSteps,
    ExistingRun existingRun) {

  // Enough to fill the cores, little enough for large pictures.
  private static final int USUAL_VALIDATION_BATCH = 64;

  /**
   * Checks every number.
   *
   * @throws InvalidOptionException if one is out of range
   */
  public TrainingOptions {
    milestones = List.copyOf(milestones);
    requireAtLeast("--epochs", epochs, 1);
    requireAtLeast("--batch-size", batchSize, 1);
    requireAtLeast("--grad-accum", gradAccum, 1);
    requireAtLeast("--workers", workers, 1);
    requireAtLeast("--warmup-epochs", warmupEpochs, 0);
    requireAtLeast("--batches-per-epoch", batchesPerEpoch, 0);
    requireAtLeast("--checkpoint-every", checkpointEvery, 0);
    requireAtLeast("--validation-batch-size-multiplier", validationBatchFactor, 0);
    startEpoch.ifPresent(
        epoch -> {
          requireAtLeast("--start-epoch", epoch, 0);
          if (epoch >= epochs) {
            throw new InvalidOptionException(
                "--start-epoch", "less than the " + epochs + " of --epochs", epoch);
          }
        });
    requireNotNegative("--lr", lr);
    if (!(minLr >= 0 && minLr <= lr)) {
      throw new InvalidOptionException("--min-lr", "at least 0 and at most --lr, " + lr, minLr);
    }
    requireNotNegative("--warmup-lr", warmupLr);
    requireNotNegative("--opt-eps", optEps);
    requireNotNegative("--weight-decay", weightDecay);
    requireNotNegative("--group-lasso-lambda", groupLassoLambda);
    requireNotNegative("--clip-grad", clipGrad);
    requireShare("--momentum", momentum);
    requireShare("--smoothing", smoothing);
    if (batchSize < workers * gradAccum) {
      throw new InvalidOptionException(
          "--batch-size",
          "at least one image for each of " + workers + " workers and " + gradAccum + " parts",
          batchSize);
    }
  }

  private static void requireAtLeast(String option, long found, long least) {
    if (found < least) {
      throw new InvalidOptionException(option, "at least " + least, found);
    }
  }

  // Written so that not-a-number is refused as well.
  private static void requireNotNegative(String option, double found) {
    if (!(found >= 0 && found < Double.POSITIVE_INFINITY)) {
      throw new InvalidOptionException(option, "a finite number of at least 0", found);
    }
  }

  private static void requireShare(String option, double found) {
    if (!(found >= 0 && found < 1)) {
      throw new InvalidOptionException(option, "at least 0 and below 1", found);
    }
  }

  /** Starts a recipe from the official one. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the learning rate of every step. */
  public LearningRateSchedule learningRates() {
    WarmUp warmUp = warmupEpochs == 0 ? WarmUp.NONE : new WarmUp(warmupLr, warmupEpochs);
    return schedule.rates(lr, minLr, warmUp, epochs, decayRate, decayEpochs, milestones);
  }

  /** Returns how many images are evaluated at a time. */
  public int validationBatchSize() {
    long asked = (long) validationBatchFactor * batchSize;
    return asked == 0 ? USUAL_VALIDATION_BATCH : (int) Math.min(asked, Integer.MAX_VALUE);
  }

  /** Returns the options by the names of the command line, those left open or off not included. */
  public Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("epochs", epochs);
    map.put("batch-size", batchSize);
    map.put("grad-accum", gradAccum);
    map.put("workers", workers);
    map.put("seed", seed);
    map.put("opt", optimizer.toString());
    map.put("momentum", momentum);
    map.put("opt-eps", optEps);
    map.put("weight-decay", weightDecay);
    decayRule.ifPresent(rule -> map.put("decay-rule", rule.toString()));
    map.put("sched", schedule.toString());
    map.put("lr", lr);
    if (minLr > 0) {
      map.put("min-lr", minLr);
    }
    map.put("warmup-lr", warmupLr);
    map.put("warmup-epochs", warmupEpochs);
    map.put("decay-rate", decayRate);
    map.put("decay-epochs", decayEpochs);
    if (!milestones.isEmpty()) {
      map.put("milestones", milestones);
    }
    map.put("smoothing", smoothing);
    emaDecay.option().ifPresent(value -> map.put("ema-decay", value));
    map.put("group-lasso-lambda", groupLassoLambda);
    map.put("clip-grad", clipGrad);
    map.put("literal-stages", literalStages);
    if (splitNorms) {
      map.put("split-bn", true);
    }
    if (batchesPerEpoch > 0) {
      map.put("batches-per-epoch", batchesPerEpoch);
    }
    if (checkpointEvery > 0) {
      map.put("checkpoint-every", checkpointEvery);
    }
    if (validationBatchFactor > 0) {
      map.put("validation-batch-size-multiplier", validationBatchFactor);
    }
    if (validation.metric() != EvaluationMetric.TOP1) {
      map.put("eval-metric", validation.metric().toString());
    }
    if (validation.views() > 1) {
      map.put("tta", validation.views());
    }
    validation.startEpoch().ifPresent(epoch -> map.put("start-eval-epoch", epoch));
    startEpoch.ifPresent(epoch -> map.put("start-epoch", epoch));
    map.put("log-steps", logSteps);
    return map;
  }

  /** Collects a recipe; every method sets the component of its name and returns this. */
  public static final class Builder {

    private int epochs = 350;
    private int batchSize = 1024;
    private int gradAccum = 1;
    private int workers = 1;
    private long seed = 42;
    private Optimizer optimizer = Optimizer.SGD;
    private double momentum = 0.9;
    private double optEps = 1e-8;
    private double weightDecay = 4e-5;
    private Optional<DecayRule> decayRule = Optional.empty();
    private Schedule schedule = Schedule.COSINE;
    private double lr = 0.4;
    private double minLr = 0;
    private double warmupLr = 0.1;
    private int warmupEpochs = 5;
    private double decayRate = 0.1;
    private double decayEpochs = 30;
    private List<Double> milestones = List.of();
    private double smoothing = 0.1;
    private EmaDecay emaDecay = EmaDecay.growing();
    private double groupLassoLambda = 0;
    private double clipGrad = 0;
    private boolean splitNorms = false;
    private boolean literalStages = false;
    private long batchesPerEpoch = 0;
    private long checkpointEvery = 0;
    private int validationBatchFactor = 0;
    private Validation validation = Validation.EVERY_EPOCH;
    private Optional<Integer> startEpoch = Optional.empty();
    private boolean logSteps = false;
    private ExistingRun existingRun = ExistingRun.REFUSE;

    private Builder() {}

    /** Sets {@link TrainingOptions#epochs()}. */
    public Builder epochs(int value) {
      epochs = value;
      return this;
    }

    /** Sets {@link TrainingOptions#batchSize()}. */
    public Builder batchSize(int value) {
      batchSize = value;
      return this;
    }

    /** Sets {@link TrainingOptions#gradAccum()}. */
    public Builder gradAccum(int value) {
      gradAccum = value;
      return this;
    }

    /** Sets {@link TrainingOptions#workers()}. */
    public Builder workers(int value) {
      workers = value;
      return this;
    }

    /** Sets {@link TrainingOptions#seed()}. */
    public Builder seed(long value) {
      seed = value;
      return this;
    }

    /** Sets {@link TrainingOptions#optimizer()}. */
    public Builder optimizer(Optimizer value) {
      optimizer = value;
      return this;
    }

    /** Sets {@link TrainingOptions#momentum()}. */
    public Builder momentum(double value) {
      momentum = value;
      return this;
    }

    /** Sets {@link TrainingOptions#optEps()}. */
    public Builder optEps(double value) {
      optEps = value;
      return this;
    }

    /** Sets {@link TrainingOptions#weightDecay()}. */
    public Builder weightDecay(double value) {
      weightDecay = value;
      return this;
    }

    /** Sets {@link TrainingOptions#decayRule()}. */
    public Builder decayRule(DecayRule value) {
      decayRule = Optional.of(value);
      return this;
    }

    /** Sets {@link TrainingOptions#schedule()}. */
    public Builder schedule(Schedule value) {
      schedule = value;
      return this;
    }

    /** Sets {@link TrainingOptions#lr()}. */
    public Builder lr(double value) {
      lr = value;
      return this;
    }

    /** Sets {@link TrainingOptions#minLr()}. */
    public Builder minLr(double value) {
      minLr = value;
      return this;
    }

    /** Sets {@link TrainingOptions#warmupLr()}. */
    public Builder warmupLr(double value) {
      warmupLr = value;
      return this;
    }

    /** Sets {@link TrainingOptions#warmupEpochs()}. */
    public Builder warmupEpochs(int value) {
      warmupEpochs = value;
      return this;
    }

    /** Sets {@link TrainingOptions#decayRate()}. */
    public Builder decayRate(double value) {
      decayRate = value;
      return this;
    }

    /** Sets {@link TrainingOptions#decayEpochs()}. */
    public Builder decayEpochs(double value) {
      decayEpochs = value;
      return this;
    }

    /** Sets {@link TrainingOptions#milestones()}. */
    public Builder milestones(List<Double> value) {
      milestones = value;
      return this;
    }

    /** Sets {@link TrainingOptions#smoothing()}. */
    public Builder smoothing(double value) {
      smoothing = value;
      return this;
    }

    /** Sets {@link TrainingOptions#emaDecay()}. */
    public Builder emaDecay(EmaDecay value) {
      emaDecay = value;
      return this;
    }

    /** Sets {@link TrainingOptions#groupLassoLambda()}. */
    public Builder groupLassoLambda(double value) {
      groupLassoLambda = value;
      return this;
    }

    /** Sets {@link TrainingOptions#clipGrad()}. */
    public Builder clipGrad(double value) {
      clipGrad = value;
      return this;
    }

    /** Sets {@link TrainingOptions#splitNorms()}. */
    public Builder splitNorms(boolean value) {
      splitNorms = value;
      return this;
    }

    /** Sets {@link TrainingOptions#literalStages()}. */
    public Builder literalStages(boolean value) {
      literalStages = value;
      return this;
    }

    /** Sets {@link TrainingOptions#batchesPerEpoch()}. */
    public Builder batchesPerEpoch(long value) {
      batchesPerEpoch = value;
      return this;
    }

    /** Sets {@link TrainingOptions#checkpointEvery()}. */
    public Builder checkpointEvery(long value) {
      checkpointEvery = value;
      return this;
    }

    /** Sets {@link TrainingOptions#validationBatchFactor()}. */
    public Builder validationBatchFactor(int value) {
      validationBatchFactor = value;
      return this;
    }

    /** Sets {@link TrainingOptions#validation()}. */
    public Builder validation(Validation value) {
      validation = value;
      return this;
    }

    /** Sets {@link TrainingOptions#startEpoch()}. */
    public Builder startEpoch(int value) {
      startEpoch = Optional.of(value);
      return this;
    }

    /** Sets {@link TrainingOptions#logSteps()}. */
    public Builder logSteps(boolean value) {
      logSteps = value;
      return this;
    }

    /** Sets {@link TrainingOptions#existingRun()}. */
    public Builder existingRun(ExistingRun value) {
      existingRun = value;
      return this;
    }

    /**
     * Returns the recipe.
     *
     * @throws InvalidOptionException if a number is out of range
     */
    public TrainingOptions build() {
      return new TrainingOptions(
          epochs,
          batchSize,
          gradAccum,
          workers,
          seed,
          optimizer,
          momentum,
          optEps,
          weightDecay,
          decayRule,
          schedule,
          lr,
          minLr,
          warmupLr,
          warmupEpochs,
          decayRate,
          decayEpochs,
          milestones,
          smoothing,
          emaDecay,
          groupLassoLambda,
          clipGrad,
          splitNorms,
          literalStages,
          batchesPerEpoch,
          checkpointEvery,
          validationBatchFactor,
          validation,
          startEpoch,
          logSteps,
          existingRun);
    }
  }
}
