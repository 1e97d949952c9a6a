package io.github.condensenet4j.training.step;

import java.util.List;
import java.util.function.Predicate;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.Axpy;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Pulls weights towards zero: {@code gradient ← gradient + decay · weight} before the optimiser, or
 * {@code update ← update + rate · decay · weight} after it where decay is decoupled.
 *
 * <p>It works on the flat vectors of a graph rather than through the regularisation of its layers,
 * so that one rule decides for all of them, and the loss stays free of it.
 */
final class WeightDecay {

  private final StepRecipe recipe;
  private final List<INDArray> weights;
  private final List<INDArray> gradients;

  WeightDecay(ComputationGraph graph, StepRecipe recipe) {
    this.recipe = recipe;
    ParameterRanges ranges = ParameterRanges.of(graph);
    Predicate<ParameterRanges.Range> decays =
        range ->
            recipe.weightDecay() > 0
                && range.trained()
                && recipe.decayRule().decays(range.name(), range.dimensions());
    weights = ranges.views(graph.params(), decays);
    gradients = ranges.views(graph.getFlattenedGradients(), decays);
  }

  void beforeUpdater() {
    if (!recipe.optimizer().decouplesDecay()) {
      add(recipe.weightDecay());
    }
  }

  void afterUpdater(double rate) {
    if (recipe.optimizer().decouplesDecay() && rate > 0) {
      // The official code divides the decay by the full rate before it multiplies it by the
      // step's.
      add(recipe.weightDecay() / recipe.fullRate() * rate);
    }
  }

  private void add(double scale) {
    for (int i = 0; i < weights.size(); i++) {
      INDArray gradient = gradients.get(i);
      Nd4j.exec(new Axpy(weights.get(i), gradient, gradient, scale));
    }
  }
}
