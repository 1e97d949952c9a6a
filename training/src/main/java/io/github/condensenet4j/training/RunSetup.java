package io.github.condensenet4j.training;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.architecture.Architecture;
import io.github.condensenet4j.core.architecture.CondenseNetV2Architecture;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.condensation.StageRule;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.pipelines.LabeledImages;
import io.github.condensenet4j.pipelines.TrainingBatches;
import io.github.condensenet4j.training.step.DecayRule;
import io.github.condensenet4j.training.step.MovingAverage;
import io.github.condensenet4j.training.step.SplitNorms;
import io.github.condensenet4j.training.step.StepRecipe;
import io.github.condensenet4j.zoo.GraphOptions;
import io.github.condensenet4j.zoo.InitialWeights;
import io.github.condensenet4j.zoo.ModelGraphs;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Everything that a run needs, checked and made, from its beginning or from its last checkpoint.
 *
 * @param model the network's description
 * @param data what it learns from
 * @param options the recipe
 * @param folder the run's folder
 * @param plan how long it is
 * @param network the network
 * @param average its moving average, if one is kept
 * @param splitNorms normalisations of further parts of a batch, if they are kept apart
 * @param state where the run stands
 * @param settings what must stay the same for the rest of the run
 * @param arguments what {@code args.yaml} holds
 * @param versions programs that train, by name
 */
record RunSetup(
    ModelDescription model,
    TrainingData data,
    TrainingOptions options,
    RunFolder folder,
    TrainingPlan plan,
    ComputationGraph network,
    Optional<MovingAverage> average,
    Optional<SplitNorms> splitNorms,
    RunState state,
    Map<String, JsonValue> settings,
    Map<String, JsonValue> arguments,
    Map<String, String> versions) {

  /**
   * Makes a run.
   *
   * @param init weights to begin with, or null
   * @param frozen whether the classifier alone is trained
   */
  static RunSetup of(
      ModelDescription model,
      TrainingData data,
      TrainingOptions options,
      RunFolder folder,
      Map<String, ?> arguments,
      Map<String, String> versions,
      StateDict init,
      boolean frozen,
      TrainingProgress progress) {
    requireFit(model, data, options);
    folder.check(options.existingRun());
    long batches =
        options.batchesPerEpoch() > 0
            ? options.batchesPerEpoch()
            : data.training().size() / options.batchSize();
    ComputationGraph network = network(model, options, init, frozen);
    Optional<MovingAverage> average =
        options.emaDecay().isOn()
            ? Optional.of(new MovingAverage(network, options.emaDecay()))
            : Optional.empty();
    Optional<SplitNorms> splitNorms =
        options.splitNorms()
            ? Optional.of(SplitNorms.of(network, normSplits(data)))
            : Optional.empty();
    Map<String, JsonValue> settings = RunState.json(RunSettings.of(options, data, frozen));
    Map<String, JsonValue> saidArguments = RunState.json(arguments);
    Optional<RunState> resumed = Optional.empty();
    if (options.existingRun().isResumed()) {
      resumed =
          Checkpoints.load(
              folder.last(),
              model,
              network,
              average,
              splitNorms,
              options.existingRun() == ExistingRun.RESUME,
              state -> RunSettings.check(folder.last(), state, settings, saidArguments, progress));
      if (resumed.isEmpty()) {
        progress.message(
            folder.path() + " holds no complete checkpoint yet; starting from the beginning");
      }
    }
    if (resumed.isEmpty()) {
      folder.begin(arguments);
    }
    RunState state =
        resumed.orElseGet(
            () -> new RunState(0, new EpochMeter(), Optional.empty(), settings, saidArguments));
    if (options.startEpoch().isPresent()) {
      int epoch = options.startEpoch().get();
      state = state.startingAt(epoch, epoch * batches);
    }
    TrainingPlan plan =
        new TrainingPlan(
            options.epochs(), Math.toIntExact(batches), options.batchSize(), state.step());
    return new RunSetup(
        model,
        data,
        options,
        folder,
        plan,
        network,
        average,
        splitNorms,
        state,
        settings,
        saidArguments,
        versions);
  }

  /** Returns the parts of a batch that are normalised apart: versions, else halves. */
  private static int normSplits(TrainingData data) {
    return Math.max(2, data.splits().count());
  }

  private static void requireFit(
      ModelDescription model, TrainingData data, TrainingOptions options) {
    if (options.splitNorms() && data.splits().count() == 1 && options.batchSize() % 2 != 0) {
      throw new InvalidOptionException(
          "--batch-size", "an even number, of which --split-bn makes halves", options.batchSize());
    }
    Architecture architecture = model.architecture();
    if (model.form().isCondensed()) {
      throw new InvalidOptionException(
          "--model", "a network that can still be condensed", model.qualifiedName());
    }
    requireFit(architecture, data.training());
    data.validation().ifPresent(images -> requireFit(architecture, images));
    if (options.batchSize() > data.training().size()) {
      throw new InvalidOptionException(
          "--batch-size",
          "at most the number of training images, " + data.training().size(),
          options.batchSize());
    }
  }

  private static void requireFit(Architecture architecture, LabeledImages images) {
    if (images.classNames().size() != architecture.numClasses()) {
      throw new InvalidOptionException(
          "--num-classes",
          "the " + images.classNames().size() + " classes of the images",
          architecture.numClasses());
    }
    int size = architecture.imageSize();
    if (images.channels() != 3 || images.height() != size || images.width() != size) {
      throw new InvalidOptionException(
          "--image-size",
          "the images' %d channels of %d·%d"
              .formatted(images.channels(), images.height(), images.width()),
          "3 channels of " + size + "·" + size);
    }
  }

  private static ComputationGraph network(
      ModelDescription model, TrainingOptions options, StateDict init, boolean frozen) {
    GraphOptions graphOptions =
        new GraphOptions(
            options.seed(),
            DataType.FLOAT,
            options.optimizer().updater(options.lr(), options.momentum(), options.optEps()));
    StateDict weights = init == null ? InitialWeights.of(model, options.seed()) : init;
    return frozen
        ? ModelGraphs.buildFrozen(model, graphOptions, weights)
        : ModelGraphs.build(model, graphOptions, weights);
  }

  /** Returns what a step does. */
  StepRecipe recipe() {
    boolean isV2 = model.architecture() instanceof CondenseNetV2Architecture;
    StageRule literal = isV2 ? StageRule.OFFICIAL_V2 : StageRule.OFFICIAL_V1;
    return new StepRecipe(
        options.optimizer(),
        options.lr(),
        options.weightDecay(),
        options.decayRule().orElse(isV2 ? DecayRule.V2 : DecayRule.V1),
        options.smoothing(),
        options.groupLassoLambda(),
        options.clipGrad(),
        options.gradAccum(),
        options.literalStages() ? literal : StageRule.CATCHING_UP,
        ModelGraphs.LOGITS,
        data.splits().count(),
        data.splits().comparesAnswers());
  }

  /** Opens the stream of batches; the caller closes it. */
  TrainingBatches batches() {
    return TrainingBatches.of(data.training())
        .batchSize(options.batchSize())
        .seed(options.seed())
        .shuffled(data.shuffled())
        .augmentation(data.augmentation())
        .mixup(data.mixup())
        .erasing(data.erasing())
        .splits(data.splits())
        .greyLevels(Nd4j.getExecutioner().type() != ExecutionerType.NATIVE_CPU)
        .threads(data.readerThreads())
        .batchesPerEpoch(plan.batchesPerEpoch())
        .build();
  }
}
