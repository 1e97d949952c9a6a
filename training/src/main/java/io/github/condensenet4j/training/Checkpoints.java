package io.github.condensenet4j.training;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.model.ModelFile;
import io.github.condensenet4j.core.model.ModelFileWriter;
import io.github.condensenet4j.core.model.ModelMetadata;
import io.github.condensenet4j.core.model.WeightsKind;
import io.github.condensenet4j.training.step.MovingAverage;
import io.github.condensenet4j.training.step.SplitNorms;
import io.github.condensenet4j.zoo.GraphWeights;
import io.github.condensenet4j.zoo.ModelStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Writes and reads a run's model files: network, moving average, velocities and where the run
 * stands, all in one, so that none can be newer than another.
 */
final class Checkpoints {

  private final RunSetup setup;

  Checkpoints(RunSetup setup) {
    this.setup = setup;
  }

  /**
   * Writes {@code last.zip}, and {@code best.zip} before it if this is the best network so far: in
   * this order a run that is killed in between writes the same best network again.
   *
   * @param metrics what is known of the network's quality, by name
   */
  void save(RunState state, Map<String, Double> metrics, boolean isBest) {
    ComputationGraph network = setup.network();
    network.getConfiguration().setIterationCount(Math.toIntExact(state.step()));
    network.getConfiguration().setEpochCount(setup.plan().epochOf(state.step()));
    ModelFileWriter writer =
        ModelStore.writer(
            network,
            setup.average().map(average -> average.network().params()),
            metadata().withMetrics(metrics));
    INDArray updaterState = network.getUpdater().getStateViewArray();
    if (updaterState != null) {
      writer.array(ModelFile.UPDATER_STATE, updaterState.ravel().toFloatVector());
    }
    setup.splitNorms().ifPresent(norms -> writer.array(ModelFile.SPLIT_NORMS, norms.state()));
    writer.entry(RunState.ENTRY, state.toBytes());
    if (isBest) {
      writer.write(setup.folder().best());
      setup.folder().copyBestToLast();
    } else {
      writer.write(setup.folder().last());
    }
  }

  private ModelMetadata metadata() {
    return ModelMetadata.of(setup.model(), setup.data().preprocessing())
        .withClassNames(setup.data().training().classNames())
        .withVersions(setup.versions())
        .withProvenance(Map.of("command", "train", "seed", Long.toString(setup.options().seed())));
  }

  /**
   * Puts the last checkpoint of a run into the networks that belong to it and returns where the run
   * stood; none if the run was ended before its first checkpoint.
   *
   * @param withOptimizer whether the optimiser goes on as well
   * @param check looks at where the run stood before anything is changed
   * @throws InvalidFileException if it is damaged or no checkpoint
   * @throws InvalidOptionException if it is of another network
   */
  static Optional<RunState> load(
      Path file,
      ModelDescription model,
      ComputationGraph network,
      Optional<MovingAverage> average,
      Optional<SplitNorms> splitNorms,
      boolean withOptimizer,
      Consumer<RunState> check) {
    if (Files.notExists(file)) {
      return Optional.empty();
    }
    try (ModelFile saved = ModelFile.read(file)) {
      if (!saved.entries().contains(RunState.ENTRY)) {
        throw new InvalidFileException(
            file, "holds a network but no training run to resume; start from it with --init");
      }
      if (!saved.metadata().model().equals(model)) {
        throw new InvalidOptionException(
            file
                + " holds another network ("
                + saved.metadata().model().name()
                + ") or one with other numbers than the options say; resume with the options that"
                + " it was trained with");
      }
      RunState state =
          RunState.ofBytes(saved.entry(RunState.ENTRY), file + ": entry " + RunState.ENTRY);
      check.accept(state);
      GraphWeights.load(network, model, saved.weights(WeightsKind.RAW));
      average.ifPresent(
          ema -> GraphWeights.load(ema.network(), model, saved.weights(WeightsKind.EMA)));
      splitNorms.ifPresent(norms -> load(saved, norms, withOptimizer, file));
      if (withOptimizer) {
        loadUpdaterState(saved, network, file);
      }
      return Optional.of(state);
    }
  }

  private static void load(ModelFile saved, SplitNorms norms, boolean withOptimizer, Path file) {
    boolean isThere = saved.entries().contains(ModelFile.SPLIT_NORMS);
    float[] values = isThere ? saved.array(ModelFile.SPLIT_NORMS) : new float[0];
    if (values.length != norms.stateLength()) {
      throw new InvalidFileException(
          file,
          "holds %d numbers of normalisations apart, %d expected; resume with the options of the run"
              .formatted(values.length, norms.stateLength()));
    }
    norms.restore(values, withOptimizer);
  }

  private static void loadUpdaterState(ModelFile saved, ComputationGraph network, Path file) {
    INDArray state = network.getUpdater().getStateViewArray();
    if (state == null) {
      return;
    }
    float[] values = saved.array(ModelFile.UPDATER_STATE);
    if (values.length != state.length()) {
      throw new InvalidFileException(
          file,
          "holds %d numbers of the optimiser, %d expected; resume with the --opt of the run"
              .formatted(values.length, state.length()));
    }
    state.assign(Nd4j.createFromArray(values).reshape(state.shape()));
  }
}
