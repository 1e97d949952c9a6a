package io.github.condensenet4j.benchmarks;

import io.github.condensenet4j.core.architecture.CondenseNetV2Architecture;
import io.github.condensenet4j.core.condensation.StageRule;
import io.github.condensenet4j.core.tensor.Tensor;
import io.github.condensenet4j.peer.Peer;
import io.github.condensenet4j.peer.PeerServer;
import io.github.condensenet4j.peer.PeerTask;
import io.github.condensenet4j.peer.TrainingStep;
import io.github.condensenet4j.training.optimizer.Optimizer;
import io.github.condensenet4j.training.step.DecayRule;
import io.github.condensenet4j.training.step.StepRecipe;
import io.github.condensenet4j.training.step.Stepper;
import io.github.condensenet4j.zoo.GraphOptions;
import io.github.condensenet4j.zoo.ModelGraphs;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * This project's side of a comparison of training: the zoo's graph and the steps of {@code
 * training}, in a process of its own, because its memory is measured.
 */
public final class GraphTrainer implements PeerServer.Opener {

  private static final String GRAPH = "graph";

  // All that is left to say about an optimiser that has no such number.
  private static final double NO_EPSILON = 0;

  private GraphTrainer() {}

  /** Answers until standard input ends. */
  public static void main(String[] args) {
    PeerServer.serveStandardStreams(new GraphTrainer());
    System.exit(0);
  }

  @Override
  public List<String> variants(PeerTask.Kind kind) {
    return List.of(GRAPH);
  }

  @Override
  public Peer open(PeerTask task) {
    return new Steps(task);
  }

  private static final class Steps implements Peer {

    private final Stepper stepper;
    private final DataSet batch;
    private long step;

    Steps(PeerTask task) {
      Optimizer optimizer = Optimizer.SGD;
      GraphOptions options =
          new GraphOptions(
              1,
              DataType.FLOAT,
              optimizer.updater(TrainingStep.RATE, TrainingStep.MOMENTUM, NO_EPSILON));
      boolean isV2 = task.model().architecture() instanceof CondenseNetV2Architecture;
      StepRecipe recipe =
          new StepRecipe(
              optimizer,
              TrainingStep.RATE,
              TrainingStep.WEIGHT_DECAY,
              isV2 ? DecayRule.V2 : DecayRule.V1,
              TrainingStep.SMOOTHING,
              0,
              0,
              1,
              StageRule.CATCHING_UP,
              ModelGraphs.LOGITS,
              1,
              false);
      stepper = Stepper.of(ModelGraphs.build(task.model(), options, task.readWeights()), recipe, 1);
      batch = batch(task);
    }

    private static DataSet batch(PeerTask task) {
      Tensor images = task.readImages();
      long[] labels = task.readLabels().toLongs();
      INDArray oneHot = Nd4j.zeros(labels.length, task.model().architecture().numClasses());
      for (int i = 0; i < labels.length; i++) {
        oneHot.putScalar(i, labels[i], 1);
      }
      return new DataSet(
          Nd4j.createFromArray(images.toFloats())
              .reshape(images.size(0), images.size(1), images.size(2), images.size(3)),
          oneHot);
    }

    @Override
    public float[] answer() {
      return new float[] {(float) step()};
    }

    @Override
    public void run() {
      step();
    }

    /** Returns the loss before the step. At no progress nothing is dropped beyond the masks. */
    private double step() {
      return stepper.train(batch, step++, TrainingStep.RATE, 0);
    }

    @Override
    public void close() {
      stepper.close();
    }
  }
}
