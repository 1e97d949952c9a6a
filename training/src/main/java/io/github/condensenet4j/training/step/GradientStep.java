package io.github.condensenet4j.training.step;

import io.github.condensenet4j.layers.profile.StepProfile;
import io.github.condensenet4j.layers.profile.StepProfile.Phase;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * One step of the optimiser on one graph: forwards and backwards through the parts of a batch, then
 * from the sum of their gradients to new weights.
 *
 * <p>Running statistics move with each part, inside the layers, as they do in a forward pass of
 * PyTorch. All else waits for the whole batch: the penalty is added to the gradients, long
 * gradients are cut, decay is added, the updater runs.
 */
final class GradientStep {

  private final ComputationGraph graph;
  private final StepRecipe recipe;
  private final TrainingLoss loss;
  private final WeightDecay decay;
  private final GroupLassoPenalty penalty;
  private final Optional<FlatSgd> flatSgd;
  private INDArray earlierParts;

  GradientStep(ComputationGraph graph, StepRecipe recipe) {
    this.graph = graph;
    this.recipe = recipe;
    this.loss = TrainingLoss.of(recipe);
    graph.setListeners(loss);
    if (graph.getFlattenedGradients() == null) {
      graph.initGradientsView();
    }
    decay = new WeightDecay(graph, recipe);
    penalty = new GroupLassoPenalty(graph, recipe.groupLassoLambda());
    flatSgd = FlatSgd.of(graph, recipe);
  }

  /**
   * Trains on the share of a batch that falls to one worker.
   *
   * @param share images and one-hot labels
   * @param step number of the step in the run
   * @param rate learning rate of the step
   * @param divisor what the gradients of the images are divided by: the images of the whole batch
   *     over the number of workers, whose results are averaged afterwards
   * @return the loss, penalty included, over {@code divisor}; if it is not a finite number, the
   *     weights were left alone
   */
  double run(DataSet share, long step, double rate, double divisor) {
    loss.reset();
    // Versions of an image stay together.
    int splits = recipe.splits();
    int images = (int) share.getFeatures().size(0) / splits;
    int parts = Math.min(recipe.gradAccum(), images);
    for (int part = 0; part < parts; part++) {
      differentiate(share, images * part / parts * splits, images * (part + 1) / parts * splits);
      if (!Double.isFinite(loss.sum())) {
        return loss.sum();
      }
      if (part < parts - 1) {
        keepForLater(part);
      }
    }
    return StepProfile.time("optimizer", Phase.OTHER, () -> optimize(step, rate, parts, divisor));
  }

  /** Takes the step from the gradients of all parts and returns the loss. */
  private double optimize(long step, double rate, int parts, double divisor) {
    INDArray gradient = graph.getFlattenedGradients();
    if (parts > 1) {
      gradient.addi(earlierParts);
    }
    gradient.divi(divisor);
    double penaltyValue = penalty.addGradient();
    clip(gradient);
    update(step, rate);
    return loss.sum() / divisor + penaltyValue;
  }

  private void differentiate(DataSet share, int from, int to) {
    graph.setInputs(rows(share.getFeatures(), from, to));
    graph.setLabels(loss.targets(rows(share.getLabels(), from, to)));
    // Layers count for themselves; what is left is Deeplearning4j's.
    StepProfile.run("rest of the graph", Phase.OTHER, graph::computeGradientAndScore);
  }

  private static INDArray rows(INDArray array, int from, int to) {
    return from == 0 && to == array.size(0) ? array : array.get(NDArrayIndex.interval(from, to));
  }

  private void keepForLater(int part) {
    INDArray gradient = graph.getFlattenedGradients();
    if (part > 0) {
      earlierParts.addi(gradient);
    } else if (earlierParts == null) {
      earlierParts = gradient.dup();
    } else {
      earlierParts.assign(gradient);
    }
  }

  /** Shortens the gradient to the longest allowed, as {@code torch.nn.utils.clip_grad_norm_}. */
  private void clip(INDArray gradient) {
    if (recipe.clipGrad() > 0) {
      double scale = recipe.clipGrad() / (gradient.norm2Number().doubleValue() + 1e-6);
      if (scale < 1) {
        gradient.muli(scale);
      }
    }
  }

  private void update(long step, double rate) {
    ComputationGraphUpdater updater = graph.getUpdater();
    for (UpdaterBlock block : updater.getUpdaterBlocks()) {
      IUpdater config = block.getGradientUpdater().getConfig();
      if (config.hasLearningRate()) {
        config.setLrAndSchedule(rate, null);
      }
    }
    if (flatSgd.isPresent()) {
      flatSgd.get().step(rate);
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
