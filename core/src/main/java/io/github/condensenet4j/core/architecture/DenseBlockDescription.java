package io.github.condensenet4j.core.architecture;

import java.util.List;

/**
 * One dense block: layers that all see the features of one size.
 *
 * @param name name below {@code features}, {@code denseblock_2}
 * @param inChannels channels that enter the block
 * @param growth channels that each layer adds
 * @param size height and width of the features, in pixels
 * @param activation non-linearity of all layers
 * @param squeeze whether each layer ends its 3×3 convolution with squeeze-and-excitation of
 *     reduction 1; always false in CondenseNet
 * @param layers the layers, in order; never empty
 */
public record DenseBlockDescription(
    String name,
    int inChannels,
    int growth,
    int size,
    Activation activation,
    boolean squeeze,
    List<DenseLayerDescription> layers) {

  /** Copies {@code layers}. */
  public DenseBlockDescription {
    layers = List.copyOf(layers);
  }

  /** Returns the channels that leave the block. */
  public int outChannels() {
    return inChannels + layers.size() * growth;
  }
}
