/**
 * Networks as values: every knob of CondenseNet and CondenseNetV2, what follows from the knobs
 * (blocks, layers, named tensors), and the names of the published ones.
 *
 * <p>Nothing here computes. Back ends build their graphs, plans and files from a {@link
 * io.github.condensenet4j.core.architecture.ModelDescription}; costs and the condensing arithmetic
 * have their own packages. Start reading at {@link
 * io.github.condensenet4j.core.architecture.Architecture}.
 */
package io.github.condensenet4j.core.architecture;
