package io.github.condensenet4j.training.step;

import io.github.condensenet4j.layers.profile.StepProfile;
import io.github.condensenet4j.layers.profile.StepProfile.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * One step of the optimiser on one graph: forwards and backwards through the parts of a batch, then
 * from the sum of their gradients to new weights.
 *
 * <p>Running statistics move with each part, inside the layers, as they do in a forward pass of
 * PyTorch. All else waits for the whole batch: the penalty is added to the gradients, long
 * gradients are cut, decay is added, the updater runs.
 */
final class GradientStep {

  private final StepRecipe recipe;
  private final TrainingLoss loss;
  private final GroupLassoPenalty penalty;
  private final Optional<SplitNorms> splitNorms;

  /** The network, and those of further parts of a batch that are normalised apart. */
  private final List<Branch> branches = new ArrayList<>();

  GradientStep(ComputationGraph graph, StepRecipe recipe) {
    this(graph, recipe, Optional.empty());
  }

  GradientStep(ComputationGraph graph, StepRecipe recipe, Optional<SplitNorms> splitNorms) {
    this.recipe = recipe;
    this.loss = TrainingLoss.of(recipe, splitNorms.isPresent());
    this.splitNorms = splitNorms;
    branches.add(new Branch(graph, recipe, loss));
    splitNorms.ifPresent(
        norms ->
            norms
                .auxiliaries()
                .forEach(auxiliary -> branches.add(new Branch(auxiliary, recipe, loss))));
    penalty = new GroupLassoPenalty(graph, recipe.groupLassoLambda());
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
    splitNorms.ifPresent(norms -> norms.shareWeights(network()));
    // Versions of an image stay together.
    int splits = recipe.splits();
    int images = (int) share.getFeatures().size(0) / splits;
    int parts = Math.min(recipe.gradAccum(), images);
    for (int part = 0; part < parts; part++) {
      differentiate(share, images * part / parts * splits, images * (part + 1) / parts * splits);
      if (!Double.isFinite(loss.sum())) {
        return loss.sum();
      }
      boolean isFirst = part == 0;
      if (part < parts - 1) {
        branches.forEach(branch -> branch.keepForLater(isFirst));
      }
    }
    return StepProfile.time("optimizer", Phase.OTHER, () -> optimize(step, rate, parts, divisor));
  }

  private ComputationGraph network() {
    return branches.get(0).graph();
  }

  /** Takes the step from the gradients of all parts and returns the loss. */
  private double optimize(long step, double rate, int parts, double divisor) {
    // Where nobody else looks at the gradients, that costs no pass of its own.
    boolean dividesLater = nobodyChangesGradients() && branches.get(0).divides();
    for (Branch branch : branches) {
      if (parts > 1) {
        branch.addEarlierParts();
      }
      if (!dividesLater) {
        branch.gradient().divi(divisor);
      }
    }
    // Only what is shared is penalised.
    double penaltyValue = penalty.addGradient();
    splitNorms.ifPresent(norms -> norms.shareGradients(network()));
    clip();
    branches.forEach(branch -> branch.update(step, rate, dividesLater ? divisor : 1));
    return loss.sum() / divisor + penaltyValue;
  }

  private boolean nobodyChangesGradients() {
    return recipe.groupLassoLambda() == 0 && recipe.clipGrad() <= 0 && splitNorms.isEmpty();
  }

  private void differentiate(DataSet share, int from, int to) {
    INDArray images = rows(share.getFeatures(), from, to);
    INDArray labels = rows(share.getLabels(), from, to);
    if (branches.size() == 1) {
      branches.get(0).differentiate(images, loss.targets(labels));
      return;
    }
    List<INDArrayIndex> places = places(to - from);
    if (recipe.comparesSplits()) {
      compare(images, labels, places);
      return;
    }
    for (int i = 0; i < places.size(); i++) {
      branches
          .get(i)
          .differentiate(rows(images, places.get(i)), loss.targets(rows(labels, places.get(i))));
    }
  }

  /**
   * Returns where in a batch the images of each branch are: those of one version, or a run of
   * neighbours where images have one version only.
   */
  private List<INDArrayIndex> places(int images) {
    int count = branches.size();
    List<INDArrayIndex> places = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      places.add(
          recipe.splits() == count
              ? NDArrayIndex.interval(i, count, images)
              : NDArrayIndex.interval(images * i / count, images * (i + 1) / count));
    }
    return places;
  }

  /**
   * Differentiates a loss that needs the answers to all versions: they are asked for first, then
   * each branch goes through its images again. Counters and running statistics move with a backward
   * pass only, and what is random follows from them, so the second answers are the first ones.
   */
  private void compare(INDArray images, INDArray labels, List<INDArrayIndex> places) {
    List<float[][]> answers = new ArrayList<>();
    for (int i = 0; i < places.size(); i++) {
      answers.add(branches.get(i).answers(rows(images, places.get(i)), recipe.logitsVertex()));
    }
    List<INDArray> targets = loss.targets(labels, answers);
    for (int i = 0; i < places.size(); i++) {
      branches.get(i).differentiate(rows(images, places.get(i)), targets.get(i));
    }
  }

  private static INDArray rows(INDArray array, int from, int to) {
    return from == 0 && to == array.size(0) ? array : array.get(NDArrayIndex.interval(from, to));
  }

  private static INDArray rows(INDArray array, INDArrayIndex rows) {
    return array.get(rows).dup('c');
  }

  /** Shortens the gradient to the longest allowed, as {@code torch.nn.utils.clip_grad_norm_}. */
  private void clip() {
    if (recipe.clipGrad() > 0) {
      double length = branches.get(0).gradient().norm2Number().doubleValue();
      double apart = splitNorms.map(SplitNorms::squaredLengthApart).orElse(0.0);
      double whole = apart == 0 ? length : Math.sqrt(length * length + apart);
      double scale = recipe.clipGrad() / (whole + 1e-6);
      if (scale < 1) {
        branches.forEach(branch -> branch.gradient().muli(scale));
      }
    }
  }
}
