package io.github.condensenet4j.layers.unit;

/**
 * The parts of one dense layer, which makes {@code growth} new channels of all features so far.
 *
 * @param bottleneck 1×1 convolution of all features, learned or condensed
 * @param convolution 3×3 group convolution that makes the new channels
 * @param squeeze squeeze-and-excitation of the new channels, or null
 * @param reactivation what the new channels add to the features so far, or null (CondenseNet)
 */
public record DenseLayer(
    Unit bottleneck, NormalizedConvolution convolution, Squeeze squeeze, AddingUnit reactivation) {}
