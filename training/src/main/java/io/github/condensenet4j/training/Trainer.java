package io.github.condensenet4j.training;

import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.tensor.StateDict;
import java.nio.file.Path;
import java.util.Map;

/**
 * Trains a network in a folder of its own.
 *
 * <p>The folder holds {@code args.yaml} to repeat the run, {@code metrics.csv} and {@code
 * steps.csv}, {@code last.zip} and {@code best.zip}, and {@code report.html} to look at.
 */
public final class Trainer {

  private final ModelDescription model;
  private final TrainingData data;
  private final TrainingOptions options;
  private final Path output;
  private Map<String, ?> arguments;
  private Map<String, String> versions = Map.of();
  private StateDict init;
  private boolean frozen;
  private TrainingProgress progress = TrainingProgress.NONE;
  private volatile boolean stopped;

  /**
   * Prepares a run; nothing is read or written yet.
   *
   * @param model the network, in its trainable form
   * @param output the run's folder; created if it is missing
   */
  public Trainer(ModelDescription model, TrainingData data, TrainingOptions options, Path output) {
    this.model = model;
    this.data = data;
    this.options = options;
    this.output = output;
    this.arguments = options.asMap();
  }

  /** Sets what {@code args.yaml} holds, by the names of the command line's options. */
  public Trainer arguments(Map<String, ?> newArguments) {
    arguments = newArguments;
    return this;
  }

  /** Sets the versions of programs that model files mention, by name. */
  public Trainer versions(Map<String, String> newVersions) {
    versions = newVersions;
    return this;
  }

  /**
   * Sets the weights, statistics, masks and stages to start from; the optimiser, the step and the
   * moving average start afresh, the average as a copy of these.
   */
  public Trainer init(StateDict newInit) {
    init = newInit;
    return this;
  }

  /**
   * Trains the classifier only: weights, statistics and masks of everything below it, which {@link
   * #init} should bring, stay the same to the bit.
   */
  public Trainer freezeFeatures() {
    frozen = true;
    return this;
  }

  /** Sets who follows the run. */
  public Trainer progress(TrainingProgress newProgress) {
    progress = newProgress;
    return this;
  }

  /**
   * Trains to the end, or until {@link #stop} is called.
   *
   * @throws io.github.condensenet4j.core.InvalidOptionException if options do not fit each other,
   *     the data or the run that is resumed
   * @throws io.github.condensenet4j.core.CondenseNetException if the loss is no finite number any
   *     more, or the folder cannot be written; the last good checkpoint stays
   */
  public TrainingResult run() {
    RunSetup setup =
        RunSetup.of(
            model,
            data,
            options,
            new RunFolder(output),
            arguments,
            versions,
            init,
            frozen,
            progress);
    return new TrainingRun(setup, progress, () -> stopped).train();
  }

  /**
   * Asks for an end after the running step, with a checkpoint to resume from; may be called from
   * any thread.
   */
  public void stop() {
    stopped = true;
  }
}
