package io.github.condensenet4j.training.step;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.deeplearning4j.parallelism.trainer.DefaultTrainer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;

/**
 * One of ParallelWrapper's workers, which trains its replica with a {@link GradientStep}.
 *
 * <p>The first worker trains the network itself. It must not begin before the others have copied
 * it, or they would start from something in between; the wrapper does not see to that.
 */
final class ReplicaTrainer extends DefaultTrainer {

  private final StepRecipe recipe;
  private volatile Optional<SplitNorms> splitNorms;
  private final AtomicReference<Round> round;
  private final CountDownLatch replicasLeft;
  private GradientStep gradientStep;

  ReplicaTrainer(
      int worker,
      ComputationGraph network,
      StepRecipe recipe,
      Optional<SplitNorms> splitNorms,
      AtomicReference<Round> round,
      CountDownLatch replicasLeft,
      ParallelWrapper wrapper,
      WorkspaceMode workspaceMode) {
    this.recipe = recipe;
    this.splitNorms = splitNorms;
    this.round = round;
    this.replicasLeft = replicasLeft;
    this.threadId = worker;
    this.uuid = "worker " + worker;
    this.originalModel = network;
    this.replicatedModel = network;
    this.parallelWrapper = wrapper;
    this.workspaceMode = workspaceMode;
    this.averagingFrequency = 1;
    // Else both the wrapper's thread and this one would make the queue, and lose one of the two.
    setupIfNeccessary();
  }

  @Override
  public void run() {
    try {
      super.run();
    } catch (RuntimeException e) {
      // The wrapper's thread finds the failure when it waits for this worker.
      return;
    } finally {
      replicasLeft.countDown();
    }
  }

  @Override
  protected void postInit() {
    super.postInit();
    ComputationGraph replica = (ComputationGraph) replicatedModel;
    for (Layer layer : replica.getLayers()) {
      // Workers must not drop the same activations.
      NeuralNetConfiguration conf = layer.conf();
      conf.setSeed(conf.getSeed() + threadId);
    }
    if (threadId > 0) {
      splitNorms = splitNorms.map(norms -> norms.copyFor(replica));
    }
    gradientStep = new GradientStep(replica, recipe, splitNorms);
    replicasLeft.countDown();
  }

  /** Returns the normalisations of further parts of this worker's share. */
  Optional<SplitNorms> splitNorms() {
    return splitNorms;
  }

  @Override
  protected void fit(DataSet share) {
    Round current = round.get();
    try {
      awaitReplicas();
      double loss = gradientStep.run(share, current.step(), current.rate(), current.divisor());
      current.results().set(threadId, loss);
    } catch (RuntimeException | Error e) {
      current.results().set(threadId, e);
    }
  }

  @Override
  public void updateModelParams(INDArray params) {
    awaitReplicas();
    super.updateModelParams(params);
  }

  private void awaitReplicas() {
    boolean interrupted = false;
    while (true) {
      try {
        replicasLeft.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
