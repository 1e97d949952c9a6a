package io.github.condensenet4j.training.step;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.deeplearning4j.parallelism.factory.TrainerContext;
import org.deeplearning4j.parallelism.trainer.Trainer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Trains replicas of a network on shares of each batch and averages them after every step, through
 * DL4J's ParallelWrapper.
 *
 * <p>Averaging weights and velocities after one step of {@link
 * io.github.condensenet4j.training.optimizer.NesterovSgd} is the same as averaging gradients before
 * it, so the result is that of one worker, but for the statistics of normalisation, which each
 * worker takes from its own share, and for clipping, which looks at each worker's gradient.
 *
 * <p>Connections are dropped on the network while all workers are idle, and handed to every replica
 * before the round that follows: an average of different masks would be no mask.
 */
final class ParallelStepper implements Stepper {

  private final ComputationGraph network;
  private final int workers;
  private final int splits;
  private final Condensation condensation;
  private final RoundIterator rounds = new RoundIterator();
  private final AtomicReference<Round> round = new AtomicReference<>();
  private final ParallelWrapper wrapper;
  private final Thread loop;
  private final List<ReplicaTrainer> trainers = new ArrayList<>();
  private final List<INDArray> wholeNumbers = new ArrayList<>();
  private final List<INDArray> frozen = new ArrayList<>();
  private final List<INDArray> frozenValues;
  private volatile boolean dropped;

  ParallelStepper(ComputationGraph network, StepRecipe recipe, int workers) {
    this(network, recipe, workers, Optional.empty());
  }

  ParallelStepper(
      ComputationGraph network, StepRecipe recipe, int workers, Optional<SplitNorms> splitNorms) {
    this.network = network;
    this.workers = workers;
    splits = recipe.splits();
    condensation = new Condensation(network, recipe.stageRule());
    frozenValues =
        ParameterRanges.of(network).views(network.params(), ParameterRanges.Range::frozen).stream()
            .map(INDArray::dup)
            .toList();
    // Made now, not on demand: workers that asked at the same time would each get their own.
    network.getUpdater();
    wrapper = wrapper();
    // The builder takes no factory in this mode.
    wrapper.setTrainerContext(new Replicas(recipe, splitNorms, new CountDownLatch(workers)));
    loop = new Thread(this::trainUntilClosed, "data-parallel training");
    loop.setDaemon(true);
    loop.start();
  }

  // Statement by statement, because the builder's methods return its raw type.
  private ParallelWrapper wrapper() {
    ParallelWrapper.Builder<ComputationGraph> builder = new ParallelWrapper.Builder<>(network);
    builder.trainingMode(ParallelWrapper.TrainingMode.AVERAGING);
    builder.averagingFrequency(1);
    builder.averageUpdaters(true);
    builder.workers(workers);
    builder.prefetchBuffer(0);
    builder.workspaceMode(network.getConfiguration().getTrainingWorkspaceMode());
    builder.modelParamsSupplier(this::paramsToHandOut);
    return builder.build();
  }

  private void trainUntilClosed() {
    Throwable failure = null;
    try {
      wrapper.fit(rounds);
    } catch (RuntimeException | Error e) {
      failure = e;
    } finally {
      rounds.end(failure);
    }
  }

  /** Returns what all replicas are to hold before the next round, or null to leave them alone. */
  private INDArray paramsToHandOut() {
    return dropped ? network.params() : null;
  }

  @Override
  public double train(DataSet batch, long step, double rate, double progress) {
    dropped = condensation.advance(progress);
    Round next = new Round(shares(batch), step, rate, batch.numExamples() / (double) workers);
    round.set(next);
    rounds.train(next.shares());
    restoreEqualNumbers();
    List<SplitNorms> apart =
        trainers.stream().flatMap(trainer -> trainer.splitNorms().stream()).toList();
    if (!apart.isEmpty()) {
      SplitNorms.average(apart);
    }
    return next.loss();
  }

  /** Restores what an average of equal numbers may lose: a third of 1 + 1 + 1 need not be 1. */
  private void restoreEqualNumbers() {
    if (wholeNumbers.isEmpty()) {
      for (ComputationGraph replica : replicas()) {
        ParameterRanges ranges = ParameterRanges.of(replica);
        wholeNumbers.addAll(ranges.views(replica.params(), ParameterRanges.Range::isWhole));
        frozen.addAll(ranges.views(replica.params(), ParameterRanges.Range::frozen));
      }
    }
    wholeNumbers.forEach(whole -> Transforms.round(whole, false));
    for (int i = 0; i < frozen.size(); i++) {
      frozen.get(i).assign(frozenValues.get(i % frozenValues.size()));
    }
  }

  private List<DataSet> shares(DataSet batch) {
    List<DataSet> shares = new ArrayList<>();
    int images = batch.numExamples() / splits;
    for (int worker = 0; worker < workers; worker++) {
      // Versions of an image stay together.
      long from = (long) images * worker / workers * splits;
      long to = (long) images * (worker + 1) / workers * splits;
      shares.add(
          new DataSet(
              batch.getFeatures().get(NDArrayIndex.interval(from, to)),
              batch.getLabels().get(NDArrayIndex.interval(from, to))));
    }
    return shares;
  }

  @Override
  public double keptFraction() {
    return condensation.keptFraction();
  }

  /** Returns the network of each worker; the first is the network itself. */
  List<ComputationGraph> replicas() {
    return trainers.stream().map(trainer -> (ComputationGraph) trainer.getModel()).toList();
  }

  @Override
  public void close() {
    rounds.end(null);
    boolean interrupted = false;
    while (loop.isAlive()) {
      try {
        loop.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    wrapper.shutdown();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Makes the workers. */
  private final class Replicas implements TrainerContext {

    private final StepRecipe recipe;
    private final Optional<SplitNorms> splitNorms;
    private final CountDownLatch replicasLeft;

    Replicas(StepRecipe recipe, Optional<SplitNorms> splitNorms, CountDownLatch replicasLeft) {
      this.recipe = recipe;
      this.splitNorms = splitNorms;
      this.replicasLeft = replicasLeft;
    }

    @Override
    public void init(Model model, Object... args) {}

    @Override
    public Trainer create(
        String uuid,
        int worker,
        Model model,
        int rootDevice,
        boolean useMultiDataSets,
        ParallelWrapper parent,
        WorkspaceMode workspaceMode,
        int averagingFrequency) {
      ReplicaTrainer trainer =
          new ReplicaTrainer(
              worker, network, recipe, splitNorms, round, replicasLeft, parent, workspaceMode);
      trainers.add(trainer);
      return trainer;
    }

    @Override
    public void finalizeRound(Model originalModel, Model... models) {}

    @Override
    public void finalizeTraining(Model originalModel, Model... models) {}
  }
}
