package io.github.condensenet4j.interchange.pytorch;

import io.github.condensenet4j.core.tensor.StateDict;

/**
 * Where stochastic gradient descent with Nesterov's momentum stands, as {@code torch.optim.SGD}
 * saves it.
 *
 * @param velocities momentum of each weight that is trained, by official name, in official order
 * @param rate learning rate of the run, from which schedules start
 * @param momentum share of the velocity that is kept from step to step
 * @param weightDecay pull towards zero
 * @param decaysVectors whether biases and normalisations decay as well; if not they are a group of
 *     parameters of their own, the first, as timm makes it
 */
public record SgdState(
    StateDict velocities,
    double rate,
    double momentum,
    double weightDecay,
    boolean decaysVectors) {}
