package io.github.condensenet4j.training.step;

import io.github.condensenet4j.core.condensation.StageRule;
import io.github.condensenet4j.training.optimizer.Optimizer;

/**
 * What a step does, the same for all steps of a run.
 *
 * @param optimizer how gradients become updates
 * @param fullRate learning rate after warm-up
 * @param weightDecay pull towards zero
 * @param decayRule what decays
 * @param smoothing share of each label that is spread over all classes
 * @param groupLassoLambda weight of the group lasso in the loss
 * @param clipGrad greatest length of the gradient; 0 for any
 * @param gradAccum parts into which each worker's share of a batch is split
 * @param stageRule what happens to stages of condensation that were skipped
 * @param logitsVertex vertex of the graph whose activations are the logits, {@code [N, classes]}
 * @param splits versions of each image, which follow each other in a batch; 1 for no splits
 * @param comparesSplits whether the loss is {@link JsdCrossEntropy}
 */
public record StepRecipe(
    Optimizer optimizer,
    double fullRate,
    double weightDecay,
    DecayRule decayRule,
    double smoothing,
    double groupLassoLambda,
    double clipGrad,
    int gradAccum,
    StageRule stageRule,
    String logitsVertex,
    int splits,
    boolean comparesSplits) {}
