package io.github.condensenet4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.TrainingDivergedException;
import io.github.condensenet4j.core.model.ModelFile;
import io.github.condensenet4j.core.model.WeightsKind;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.training.evaluation.EvaluationMetric;
import io.github.condensenet4j.training.log.EpochRecord;
import io.github.condensenet4j.training.log.StepRecord;
import io.github.condensenet4j.training.optimizer.Optimizer;
import io.github.condensenet4j.training.step.EmaDecay;
import io.github.condensenet4j.training.step.Schedule;
import io.github.condensenet4j.zoo.GraphOptions;
import io.github.condensenet4j.zoo.GraphWeights;
import io.github.condensenet4j.zoo.ModelGraphs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class TrainerTest {

  private static final int STEPS = 12;

  @TempDir static Path whole;
  @TempDir Path folder;

  private static TrainingResult wholeResult;

  @BeforeAll
  static void trainWithoutInterruption() {
    wholeResult = TinyRun.trainer(TinyRun.options(), whole).run();
  }

  /** Collects what a run says. */
  private static final class Ears implements TrainingProgress {
    final List<String> messages = new ArrayList<>();
    final List<Long> saved = new ArrayList<>();
    final List<StepRecord> steps = new ArrayList<>();

    @Override
    public void message(String sentence) {
      messages.add(sentence);
    }

    @Override
    public void saved(Path file, long step) {
      saved.add(step);
    }

    @Override
    public void step(StepRecord step, double imagesPerSecond) {
      steps.add(step);
      assertThat(imagesPerSecond).isPositive();
    }
  }

  static StateDict weights(Path file, WeightsKind kind) {
    try (ModelFile model = ModelFile.read(file)) {
      return model.weights(kind);
    }
  }

  /** Asserts that two checkpoints hold the same bits, whatever time they took. */
  static void assertSameBits(Path file, Path other) {
    assertThat(weights(file, WeightsKind.RAW)).isEqualTo(weights(other, WeightsKind.RAW));
    assertThat(weights(file, WeightsKind.EMA)).isEqualTo(weights(other, WeightsKind.EMA));
    try (ModelFile one = ModelFile.read(file);
        ModelFile two = ModelFile.read(other)) {
      assertThat(one.entry("updaterState.bin")).isEqualTo(two.entry("updaterState.bin"));
    }
  }

  @Test
  void leavesARunThatPeopleAndProgramsCanRead() throws IOException {
    assertThat(wholeResult.finished()).isTrue();
    assertThat(wholeResult.steps()).isEqualTo(STEPS);
    assertThat(wholeResult.epochs()).hasSize(3);
    assertThat(whole)
        .isDirectoryContaining("glob:**args.yaml")
        .isDirectoryContaining("glob:**metrics.csv")
        .isDirectoryContaining("glob:**steps.csv")
        .isDirectoryContaining("glob:**best.zip")
        .isDirectoryContaining("glob:**last.zip")
        .isDirectoryContaining("glob:**report.html");
    assertThat(whole.toFile().list()).hasSize(6);
    assertThat(Files.readAllLines(whole.resolve("steps.csv"))).hasSize(1 + STEPS);
    assertThat(Files.readAllLines(whole.resolve("metrics.csv"))).hasSize(1 + 3);
    assertThat(Files.readString(whole.resolve("args.yaml")))
        .contains("epochs: 3\n", "opt: \"sgd\"\n", "smoothing: 0.1\n");
    assertThat(Files.readString(whole.resolve("report.html"))).contains("Finished", "cdnv2");
    try (ModelFile model = ModelFile.read(whole.resolve("last.zip"))) {
      assertThat(model.metadata().model()).isEqualTo(TinyRun.model());
      assertThat(model.metadata().classNames()).hasSize(TinyRun.CLASSES);
      assertThat(model.metadata().metrics()).containsKeys("top1", "emaTop1", "loss", "trainLoss");
      assertThat(model.hasEma()).isTrue();
    }
  }

  @Test
  void dropsConnectionsInTheFirstHalfAndLearns() {
    List<EpochRecord> epochs = wholeResult.epochs();
    assertThat(epochs.get(0).keptFraction()).isEqualTo(0.75);
    assertThat(epochs.get(2).keptFraction()).isEqualTo(0.25);
    assertThat(epochs.get(2).trainLoss()).isLessThan(epochs.get(0).trainLoss());
    assertThat(epochs.get(2).imagesPerSecond()).isPositive();
    assertThat(epochs.get(2).raw().orElseThrow().images()).isEqualTo(21);
  }

  @ParameterizedTest
  @CsvSource({"1, 5", "1, 8", "2, 3", "2, 10"})
  void continuesToTheSameBitsWhenStopped(int workers, int stopAfter) throws IOException {
    Path uninterrupted = workers == 1 ? whole : folder.resolve("whole");
    if (workers > 1) {
      TinyRun.trainer(TinyRun.options().workers(workers), uninterrupted).run();
    }
    Path run = folder.resolve("run");
    Trainer first = TinyRun.trainer(TinyRun.options().workers(workers), run);
    TrainingResult stopped =
        first
            .progress(
                new TrainingProgress() {
                  @Override
                  public void step(StepRecord step, double imagesPerSecond) {
                    if (step.step() == stopAfter - 1) {
                      first.stop();
                    }
                  }
                })
            .run();
    assertThat(stopped.finished()).isFalse();
    assertThat(stopped.steps()).isEqualTo(stopAfter);

    TrainingResult resumed =
        TinyRun.trainer(TinyRun.options().workers(workers).existingRun(ExistingRun.RESUME), run)
            .run();

    assertThat(resumed.finished()).isTrue();
    assertSameBits(run.resolve("last.zip"), uninterrupted.resolve("last.zip"));
    assertSameBits(run.resolve("best.zip"), uninterrupted.resolve("best.zip"));
    assertThat(run.resolve("steps.csv"))
        .hasSameTextualContentAs(uninterrupted.resolve("steps.csv"));
    assertThat(columns(run.resolve("metrics.csv"), 10))
        .isEqualTo(columns(uninterrupted.resolve("metrics.csv"), 10));
  }

  /** Returns the first columns of a table: those after them are about time. */
  private static List<List<String>> columns(Path file, int count) throws IOException {
    return Files.readAllLines(file).stream()
        .map(line -> List.of(line.split(",", -1)).subList(0, count))
        .toList();
  }

  @Test
  void savesWithinAnEpochWhereThatIsWanted() {
    Ears ears = new Ears();
    TinyRun.trainer(TinyRun.options().epochs(2).checkpointEvery(3), folder).progress(ears).run();
    assertThat(ears.saved).containsExactly(3L, 4L, 6L, 8L);
  }

  @Test
  void refusesAFolderWithARunUnlessToldOtherwise() throws IOException {
    byte[] before = Files.readAllBytes(whole.resolve("last.zip"));

    assertThatThrownBy(() -> TinyRun.trainer(TinyRun.options(), whole).run())
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("--resume")
        .hasMessageContaining("--overwrite");

    assertThat(Files.readAllBytes(whole.resolve("last.zip"))).isEqualTo(before);
  }

  @Test
  void replacesARunWhenToldTo() throws IOException {
    Files.writeString(folder.resolve("last.zip"), "old");
    Files.writeString(folder.resolve("steps.csv"), "old");
    Files.writeString(folder.resolve("notes.txt"), "mine");

    TinyRun.trainer(TinyRun.options().epochs(1).existingRun(ExistingRun.OVERWRITE), folder).run();

    assertThat(weights(folder.resolve("last.zip"), WeightsKind.RAW).size()).isPositive();
    assertThat(Files.readAllLines(folder.resolve("steps.csv"))).hasSize(5);
    assertThat(folder.resolve("notes.txt")).hasContent("mine");
  }

  @Test
  void beginsWithAnEpochAndLetsTheOptimizerStartAfresh() {
    TrainingOptions.Builder twice = TinyRun.options().epochs(2);
    TinyRun.trainer(twice, folder).run();
    Ears ears = new Ears();

    TrainingResult result =
        TinyRun.trainer(
                twice.startEpoch(1).existingRun(ExistingRun.RESUME_WITHOUT_OPTIMIZER), folder)
            .progress(ears)
            .run();

    assertThat(ears.steps).extracting(StepRecord::epoch).containsOnly(1);
    assertThat(result.finished()).isTrue();
    assertThat(result.epochs()).extracting(EpochRecord::epoch).containsExactly(0, 1);
  }

  @Test
  void refusesAnEpochThatTheScheduleHasNot() {
    assertThatThrownBy(() -> TinyRun.options().epochs(2).startEpoch(2).build())
        .isInstanceOf(InvalidOptionException.class)
        .hasMessage("--start-epoch is 2, less than the 2 of --epochs expected");
  }

  @Test
  void evaluatesEveryFifthEpochAtFirstAndTheLast() {
    Validation seldom = new Validation(EvaluationMetric.LOSS, 2, Optional.of(6));

    TrainingResult result =
        TinyRun.trainer(TinyRun.options().epochs(9).warmupEpochs(1).validation(seldom), folder)
            .run();

    assertThat(result.epochs())
        .filteredOn(epoch -> epoch.raw().isPresent())
        .extracting(EpochRecord::epoch)
        .containsExactly(0, 5, 7, 8);
  }

  @Test
  void saysSoWhenThereIsNothingToResume() throws IOException {
    Files.writeString(folder.resolve("steps.csv"), "step,epoch,batch\n0,0,0\n");
    Ears ears = new Ears();

    TinyRun.trainer(TinyRun.options().epochs(1).existingRun(ExistingRun.RESUME), folder)
        .progress(ears)
        .run();

    assertThat(ears.messages)
        .singleElement()
        .asString()
        .contains("no complete checkpoint", "from the beginning");
    assertThat(Files.readAllLines(folder.resolve("steps.csv"))).hasSize(5);
  }

  @Test
  void refusesToResumeWithOtherSettingsAndNamesThem() {
    assertThatThrownBy(
            () ->
                TinyRun.trainer(
                        TinyRun.options().lr(0.2).seed(8).existingRun(ExistingRun.RESUME), whole)
                    .run())
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("seed was 7 and is 8")
        .hasMessageContaining("lr was 0.1 and is 0.2");
  }

  @Test
  void savesTheVelocityOfEachWeightUnderItsOfficialName() {
    TrainingResult result =
        new Trainer(
                TinyRun.model(), TinyRun.data(true), TinyRun.options().epochs(1).build(), folder)
            .run();

    try (ModelFile file = ModelFile.read(result.last())) {
      StateDict velocities = file.velocities().orElseThrow();
      StateDict weights = file.weights(WeightsKind.RAW);
      ComputationGraph graph =
          ModelGraphs.build(
              TinyRun.model(),
              new GraphOptions(1, DataType.FLOAT, Optimizer.SGD.updater(0.1, 0.9, 0)),
              weights);
      float[] all = file.array(ModelFile.UPDATER_STATE);
      INDArray state = graph.getUpdater().getStateViewArray();
      state.assign(Nd4j.createFromArray(all).reshape(state.shape()));
      // Deeplearning4j's own account of which numbers belong to which parameter; moved into the
      // parameters they are read as weights are.
      for (UpdaterBlock block : graph.getUpdater().getUpdaterBlocks()) {
        if (block.getUpdaterView() != null) {
          INDArray view = block.getUpdaterView().reshape(block.getUpdaterView().length());
          graph
              .params()
              .reshape(graph.params().length())
              .get(NDArrayIndex.interval(block.getParamOffsetStart(), block.getParamOffsetEnd()))
              .assign(view);
        }
      }
      StateDict moved = GraphWeights.read(graph, TinyRun.model());
      assertThat(velocities.names()).contains("classifier.weight", "classifier.bias");
      for (String name : velocities.names()) {
        assertThat(velocities.get(name)).as(name).isEqualTo(moved.get(name));
      }
    }
  }

  @Test
  void mentionsOtherArgumentsAndHasNothingToDoForAFinishedRun() {
    Ears ears = new Ears();
    Map<String, Object> arguments = new LinkedHashMap<>(TinyRun.options().build().asMap());
    arguments.put("threads", 3);
    arguments.put("checkpoint-every", 99);

    TrainingResult result =
        TinyRun.trainer(TinyRun.options().existingRun(ExistingRun.RESUME), whole)
            .arguments(arguments)
            .progress(ears)
            .run();

    assertThat(result.finished()).isTrue();
    assertThat(ears.steps).isEmpty();
    assertThat(ears.messages)
        .containsExactly("resumed with other options: threads was not set and is 3");
  }

  @Test
  void stopsAtALossThatIsNoNumberAndKeepsTheLastGoodCheckpoint() {
    TrainingOptions.Builder wild =
        TinyRun.options().lr(1e19).warmupEpochs(0).schedule(Schedule.LINEAR).checkpointEvery(1);

    assertThatThrownBy(() -> TinyRun.trainer(wild, folder).run())
        .isInstanceOf(TrainingDivergedException.class)
        .hasMessageContaining("at step")
        .hasMessageMatching(".*(not a number|infinite|no finite numbers).*")
        .hasMessageMatching(
            ".*(last.zip keeps the state before step \\d+|there is no checkpoint).*");
    if (Files.exists(folder.resolve("last.zip"))) {
      StateDict kept = weights(folder.resolve("last.zip"), WeightsKind.RAW);
      for (String name : kept.names()) {
        for (float value : kept.get(name).toFloats()) {
          assertThat(value).isFinite();
        }
      }
    }
  }

  @Test
  void takesTheLastNetworkForTheBestWhereNothingIsEvaluated() throws IOException {
    new Trainer(TinyRun.model(), TinyRun.data(false), TinyRun.options().epochs(1).build(), folder)
        .run();

    assertThat(Files.readAllBytes(folder.resolve("best.zip")))
        .isEqualTo(Files.readAllBytes(folder.resolve("last.zip")));
  }

  @Test
  void goesOnInTheDataWhereAnEpochOfFewerBatchesEnded() {
    Ears short3 = new Ears();
    Ears long6 = new Ears();
    TinyRun.trainer(TinyRun.options().epochs(2).batchesPerEpoch(3), folder.resolve("a"))
        .progress(short3)
        .run();
    TinyRun.trainer(
            TinyRun.options().epochs(1).batchesPerEpoch(6).warmupEpochs(0).lr(0),
            folder.resolve("b"))
        .progress(long6)
        .run();
    assertThat(short3.steps).extracting(StepRecord::batch).containsExactly(0, 1, 2, 0, 1, 2);
    assertThat(long6.steps).extracting(StepRecord::batch).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(short3.steps)
        .extracting(StepRecord::progress)
        .isEqualTo(long6.steps.stream().map(StepRecord::progress).toList());
  }

  @Test
  void beginsWithGivenWeightsAndTheAverageAsTheirCopy() {
    StateDict init = weights(whole.resolve("last.zip"), WeightsKind.RAW);

    TinyRun.trainer(
            TinyRun.options().epochs(1).lr(0).warmupEpochs(0).emaDecay(EmaDecay.of(0.9)), folder)
        .init(init)
        .run();

    StateDict raw = weights(folder.resolve("last.zip"), WeightsKind.RAW);
    StateDict ema = weights(folder.resolve("last.zip"), WeightsKind.EMA);
    for (String name : init.names()) {
      if (!name.contains("running") && !name.contains("tracked")) {
        assertThat(raw.get(name)).as(name).isEqualTo(init.get(name));
        float[] expected = init.get(name).toFloats();
        float[] found = ema.get(name).toFloats();
        for (int i = 0; i < expected.length; i++) {
          assertThat(found[i]).isCloseTo(expected[i], within(1e-6f));
        }
      }
    }
  }

  @Test
  void keepsNoAverageWhereItIsOff() {
    TinyRun.trainer(TinyRun.options().epochs(1).emaDecay(EmaDecay.of(0)), folder).run();
    try (ModelFile model = ModelFile.read(folder.resolve("last.zip"))) {
      assertThat(model.hasEma()).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(Optimizer.class)
  void learnsWithEveryOptimiser(Optimizer optimizer) {
    boolean usesMomentum = optimizer == Optimizer.SGD || optimizer == Optimizer.MOMENTUM;
    TrainingResult result =
        TinyRun.trainer(
                TinyRun.options()
                    .optimizer(optimizer)
                    .lr(usesMomentum ? 0.1 : 0.01)
                    .weightDecay(1e-3)
                    .warmupEpochs(0)
                    .clipGrad(5),
                folder)
            .run();
    assertThat(result.epochs().get(2).trainLoss()).isLessThan(result.epochs().get(0).trainLoss());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void endsFullyCondensedUnlessStagesAreTakenLiterally(boolean literal) {
    TrainingResult result =
        TinyRun.trainer(
                TinyRun.options().epochs(1).batchesPerEpoch(2).literalStages(literal), folder)
            .run();
    // Progress is 0 and 1/2: literally, one of three stages is caught.
    assertThat(result.epochs().get(0).keptFraction()).isEqualTo(literal ? 0.75 : 0.25);
  }

  @Test
  void refusesImagesThatDoNotFitTheNetwork() {
    TrainingData other =
        new TrainingData(
            TinyRun.images(5, 1),
            TinyRun.images(5, 1).standardAugmentation(),
            true,
            Optional.empty(),
            TinyRun.preprocessing(),
            1);
    assertThatThrownBy(
            () -> new Trainer(TinyRun.model(), other, TinyRun.options().build(), folder).run())
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("--batch-size is 12, at most the number of training images, 5");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void writesWeightsThatBuildTheSameNetworkAgain() {
    StateDict weights = weights(whole.resolve("best.zip"), WeightsKind.EMA);
    assertThat(
            GraphWeights.read(
                ModelGraphs.build(TinyRun.model(), GraphOptions.inference(), weights),
                TinyRun.model()))
        .isEqualTo(weights);
  }
}
