package io.github.condensenet4j.training.step;

import io.github.condensenet4j.layers.GraphShortcuts;
import io.github.condensenet4j.layers.profile.StepProfile;
import io.github.condensenet4j.layers.profile.StepProfile.Phase;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;

/** A graph with its gradients and its optimiser, as {@link GradientStep} uses it. */
final class Branch {

  private final ComputationGraph graph;
  private final GraphShortcuts shortcuts;
  private final TrainingLoss loss;
  private final LossLayers lossLayers;
  private final WeightDecay decay;
  private final Optional<FlatSgd> flatSgd;
  private INDArray earlierParts;

  Branch(ComputationGraph graph, StepRecipe recipe, TrainingLoss loss) {
    this.graph = graph;
    this.loss = loss;
    lossLayers = LossLayers.of(graph);
    graph.setListeners(loss);
    if (graph.getFlattenedGradients() == null) {
      graph.initGradientsView();
    }
    shortcuts = GraphShortcuts.of(graph);
    decay = new WeightDecay(graph, recipe);
    flatSgd = FlatSgd.of(graph, recipe);
  }

  ComputationGraph graph() {
    return graph;
  }

  /** Returns the flat gradients, a view. */
  INDArray gradient() {
    return graph.getFlattenedGradients();
  }

  /** Leaves the gradients of some images. */
  void differentiate(INDArray images, INDArray targets) {
    graph.setInputs(images);
    graph.setLabels(targets);
    // Layers count for themselves; what is left is Deeplearning4j's.
    StepProfile.run(
        "rest of the graph",
        Phase.OTHER,
        () -> shortcuts.run(() -> withKnownLoss(graph::computeGradientAndScore)));
  }

  private void withKnownLoss(Runnable step) {
    if (loss.isKnown()) {
      lossLayers.run(new KnownLoss(loss), step);
    } else {
      step.run();
    }
  }

  /** Returns the logits of some images, as training computes them. */
  float[][] answers(INDArray images, String logitsVertex) {
    Map<String, INDArray> activations =
        StepProfile.time(
            "rest of the graph",
            Phase.OTHER,
            () -> graph.feedForward(new INDArray[] {images}, true));
    return activations.get(logitsVertex).toFloatMatrix();
  }

  /** Puts the gradients of a part of the batch by, or adds them to those of earlier ones. */
  void keepForLater(boolean isFirst) {
    INDArray gradient = gradient();
    if (!isFirst) {
      earlierParts.addi(gradient);
    } else if (earlierParts == null) {
      earlierParts = gradient.dup();
    } else {
      earlierParts.assign(gradient);
    }
  }

  /** Adds what was put by to the gradients of the last part. */
  void addEarlierParts() {
    gradient().addi(earlierParts);
  }

  /** Tells whether {@link #update} divides gradients on its way. */
  boolean divides() {
    return flatSgd.isPresent();
  }

  /**
   * Takes the step that the gradients say.
   *
   * @param divisor what they are divided by; 1 unless this {@link #divides}
   */
  void update(long step, double rate, double divisor) {
    ComputationGraphUpdater updater = graph.getUpdater();
    for (UpdaterBlock block : updater.getUpdaterBlocks()) {
      IUpdater config = block.getGradientUpdater().getConfig();
      if (config.hasLearningRate()) {
        config.setLrAndSchedule(rate, null);
      }
    }
    if (flatSgd.isPresent()) {
      flatSgd.get().step(rate, divisor);
      return;
    }
    decay.beforeUpdater();
    int iteration = Math.toIntExact(step);
    // The gradients are means already, hence a batch of one.
    updater.update(graph.gradient(), iteration, 0, 1, LayerWorkspaceMgr.noWorkspaces());
    decay.afterUpdater(rate);
    INDArray params = graph.params();
    params.subi(graph.getFlattenedGradients().reshape(params.shape()));
  }
}
