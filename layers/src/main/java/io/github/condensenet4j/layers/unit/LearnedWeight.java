package io.github.condensenet4j.layers.unit;

import io.github.condensenet4j.core.condensation.ConnectionGroups;

/**
 * A weight whose connections are dropped while it is trained.
 *
 * @param prefix what stands before {@code conv.weight}, {@code mask}, {@code stage} and {@code
 *     count} in the parameters' names
 * @param groups which connections belong together
 */
public record LearnedWeight(String prefix, ConnectionGroups groups) {}
