package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.training.ExistingRun;
import io.github.condensenet4j.training.TrainingOptions;
import io.github.condensenet4j.training.Validation;
import io.github.condensenet4j.training.evaluation.EvaluationMetric;
import io.github.condensenet4j.training.optimizer.Optimizer;
import io.github.condensenet4j.training.step.DecayRule;
import io.github.condensenet4j.training.step.EmaDecay;
import io.github.condensenet4j.training.step.Schedule;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a network is trained. What is left out is as in the official CondenseNetV2 training. */
final class RecipeOptions {

  @Option(names = "--epochs", paramLabel = "N", description = "Length of the training; 350.")
  private Integer epochs;

  @Option(
      names = {"-b", "--batch-size"},
      paramLabel = "N",
      description =
          "Images of a step, over all workers and parts; 1024, for images up to 64 pixels 64, at"
              + " most all there are.")
  private Integer batchSize;

  @Option(
      names = "--grad-accum",
      paramLabel = "N",
      description = "Parts into which a batch is split to save memory; 1.")
  private Integer gradAccum;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Replicas that share each batch, on processor cores or GPUs; 1.")
  private Integer workers;

  @Option(
      names = "--batches-per-epoch",
      paramLabel = "N",
      description =
          "Steps of an epoch; the data goes on where the last epoch left it. A pass without it.")
  private Integer batchesPerEpoch;

  @Option(
      names = {"--lr", "--learning-rate"},
      paramLabel = "F",
      description = "Learning rate after warm-up; 0.4.")
  private Double lr;

  @Option(
      names = "--min-lr",
      paramLabel = "F",
      description = "Learning rate that --sched cosine and linear fall to; 0.")
  private Double minLr;

  @Option(
      names = "--sched",
      paramLabel = "NAME",
      description = "Schedule: cosine (also cos), multistep, linear or exponential; cosine.")
  private String schedule;

  @Option(
      names = "--lr-type",
      paramLabel = "cosine|multistep",
      description =
          "CondenseNet's name for --sched; its multistep falls at half and at three quarters.")
  private String officialSchedule;

  @Option(
      names = "--warmup-lr",
      paramLabel = "F",
      description = "Learning rate of the first step; 0.1.")
  private Double warmupLr;

  @Option(
      names = "--warmup-epochs",
      paramLabel = "N",
      description = "Epochs in which the rate rises to --lr; 5. With 0 training starts at --lr.")
  private Integer warmupEpochs;

  @Option(
      names = {"--decay-rate", "--dr"},
      paramLabel = "F",
      description = "Factor by which schedules in steps lower the rate; 0.1.")
  private Double decayRate;

  @Option(
      names = "--decay-epochs",
      paramLabel = "F",
      description = "Epochs between two falls of schedules in steps; 30.")
  private Double decayEpochs;

  @Option(
      names = "--milestones",
      split = ",",
      paramLabel = "N,N",
      description = "First epochs of the lower rates of --sched uneven_multistep.")
  private List<Double> milestones;

  @Option(
      names = "--opt",
      paramLabel = "NAME",
      description = "Optimiser: sgd (with Nesterov's momentum), adam, adamw, rmsprop ...; sgd.")
  private String optimizer;

  @Option(names = "--momentum", paramLabel = "F", description = "Momentum of sgd; 0.9.")
  private Double momentum;

  @Option(
      names = "--opt-eps",
      paramLabel = "F",
      description = "What keeps the denominators of adam and its like above 0; 1e-8.")
  private Double optEps;

  @Option(
      names = {"--weight-decay", "--wd"},
      paramLabel = "F",
      description = "Pull of weights towards zero; 4e-5.")
  private Double weightDecay;

  @Option(
      names = "--decay-rule",
      paramLabel = "v1|v2",
      description = "What decays: everything (v1), or no vectors (v2). By the network's family.")
  private String decayRule;

  @Option(
      names = "--smoothing",
      paramLabel = "F",
      description = "Share of each label that is spread over all classes in training; 0.1.")
  private Double smoothing;

  @Option(
      names = {"--ema-decay", "--model-ema-decay"},
      paramLabel = "F",
      description =
          "How much of the moving average of the weights a step keeps; 0 for no average. Without"
              + " it the share grows to 0.9998.")
  private Double emaDecay;

  @SuppressWarnings("UnusedVariable") // on anyway; official command lines may say so
  @Option(names = "--model-ema", description = "Keeps the moving average, as is done anyway.")
  private boolean modelEma;

  @Option(
      names = {"--group-lasso-lambda", "--group-lasso"},
      paramLabel = "F",
      description = "Weight of the group lasso in the loss; 0.")
  private Double groupLassoLambda;

  @Option(
      names = "--clip-grad",
      paramLabel = "F",
      description = "Greatest length of the gradient; any without it.")
  private Double clipGrad;

  @Option(
      names = "--split-bn",
      description =
          "Gives each version of an image (--aug-splits), or with --resplit alone each half of a"
              + " batch, statistics and parameters of normalisation of its own; those of the first"
              + " are kept.")
  private boolean splitNorms;

  @Option(
      names = "--literal-stages",
      description =
          "Drops one share of connections a step at most, as the official code does, even where a"
              + " short training leaves the network incompletely condensed by it.")
  private boolean literalStages;

  @Option(
      names = {"--seed", "--manual-seed"},
      paramLabel = "N",
      description = "Seed of weights, order, augmentation and dropout; 42.")
  private Long seed;

  @Option(
      names = {"--validation-batch-size-multiplier", "-vb"},
      paramLabel = "N",
      description = "How many times --batch-size are evaluated at a time; without it 64 images.")
  private Integer validationBatchFactor;

  @Option(
      names = "--eval-metric",
      paramLabel = "top1|top5|loss",
      description = "What tells the best network on the validation images; top1.")
  private String evaluationMetric;

  @Mixin private ViewsOption views;

  @Option(
      names = "--start-eval-epoch",
      paramLabel = "N",
      description =
          "Evaluates every fifth epoch up to this one, then every epoch; without it every epoch.")
  private Integer startEvaluationEpoch;

  @Option(names = "--log-steps", description = "Writes a row a step into steps.csv.")
  private boolean logSteps;

  @Option(
      names = {"--checkpoint-every", "--recovery-interval"},
      paramLabel = "N",
      description = "Steps between checkpoints within an epoch; none without it.")
  private Integer checkpointEvery;

  @Option(
      names = "--resume",
      description = "Goes on where the last checkpoint in the output folder was written.")
  private boolean resume;

  @Option(
      names = "--no-resume-opt",
      description = "With --resume, lets the optimiser start afresh.")
  private boolean freshOptimizer;

  @Option(
      names = "--start-epoch",
      paramLabel = "N",
      description =
          "Begins with this epoch of the schedule, counted from 0, wherever a resumed run stands.")
  private Integer startEpoch;

  @Option(names = "--overwrite", description = "Deletes the run that the output folder holds.")
  private boolean overwrite;

  /** Tells whether parts of a batch are normalised apart. */
  boolean splitsNorms() {
    return splitNorms;
  }

  /**
   * Returns the recipe.
   *
   * @param usualBatchSize images of a step unless the command line says another number
   * @throws InvalidOptionException if a value makes no sense
   */
  TrainingOptions recipe(int usualBatchSize) {
    if (resume && overwrite) {
      throw new InvalidOptionException("--resume and --overwrite exclude each other; give one");
    }
    TrainingOptions.Builder recipe = TrainingOptions.builder().batchSize(usualBatchSize);
    set(epochs, recipe::epochs);
    set(batchSize, recipe::batchSize);
    set(gradAccum, recipe::gradAccum);
    set(workers, recipe::workers);
    set(seed, recipe::seed);
    set(optimizer, word -> recipe.optimizer(Optimizer.of(word)));
    set(momentum, recipe::momentum);
    set(optEps, recipe::optEps);
    set(weightDecay, recipe::weightDecay);
    set(decayRule, word -> recipe.decayRule(DecayRule.of(word)));
    set(officialSchedule, word -> recipe.schedule(ofCondenseNet(word)));
    set(schedule, word -> recipe.schedule(Schedule.of(word)));
    set(lr, recipe::lr);
    set(minLr, recipe::minLr);
    set(warmupLr, recipe::warmupLr);
    set(warmupEpochs, recipe::warmupEpochs);
    set(decayRate, recipe::decayRate);
    set(decayEpochs, recipe::decayEpochs);
    set(milestones, recipe::milestones);
    set(smoothing, recipe::smoothing);
    set(emaDecay, share -> recipe.emaDecay(EmaDecay.of(share)));
    set(groupLassoLambda, recipe::groupLassoLambda);
    set(clipGrad, recipe::clipGrad);
    set(batchesPerEpoch, steps -> recipe.batchesPerEpoch(steps));
    set(checkpointEvery, steps -> recipe.checkpointEvery(steps));
    set(validationBatchFactor, recipe::validationBatchFactor);
    set(startEpoch, recipe::startEpoch);
    return recipe
        .splitNorms(splitNorms)
        .literalStages(literalStages)
        .logSteps(logSteps)
        .validation(validation())
        .existingRun(existingRun())
        .build();
  }

  private Validation validation() {
    return new Validation(
        evaluationMetric == null ? EvaluationMetric.TOP1 : EvaluationMetric.of(evaluationMetric),
        views.views(),
        Optional.ofNullable(startEvaluationEpoch));
  }

  private ExistingRun existingRun() {
    if (resume) {
      return freshOptimizer ? ExistingRun.RESUME_WITHOUT_OPTIMIZER : ExistingRun.RESUME;
    }
    return overwrite ? ExistingRun.OVERWRITE : ExistingRun.REFUSE;
  }

  private static Schedule ofCondenseNet(String word) {
    return switch (word) {
      case "cosine" -> Schedule.COSINE;
      case "multistep" -> Schedule.UNEVEN_MULTISTEP;
      default -> throw new InvalidOptionException("--lr-type", "cosine or multistep", word);
    };
  }

  private static <T> void set(T value, Consumer<T> setter) {
    if (value != null) {
      setter.accept(value);
    }
  }
}
