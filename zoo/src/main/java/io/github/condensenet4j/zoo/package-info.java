/**
 * Networks as Deeplearning4j graphs: one class a family, their official initialisation, the way of
 * named tensors into graphs and back, and the converter from trained to condensed graphs.
 *
 * <p>What a network is stands in {@code core}, what its layers compute in {@code layers}; data and
 * training are not known here. Start reading at {@link io.github.condensenet4j.zoo.ModelGraphs},
 * or, for Deeplearning4j's own way, at {@link io.github.condensenet4j.zoo.CondenseNetV2}.
 */
package io.github.condensenet4j.zoo;
