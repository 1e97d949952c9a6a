package io.github.condensenet4j.core.architecture;

/**
 * One dense layer: a learned 1×1 group convolution, a 3×3 group convolution and, in CondenseNetV2,
 * a sparse feature reactivation of the layer's inputs.
 *
 * @param name name below its block, {@code denselayer_3}
 * @param inChannels channels of all features so far
 * @param bottleneckChannels channels between the two convolutions
 * @param growth channels that the layer adds
 */
public record DenseLayerDescription(
    String name, int inChannels, int bottleneckChannels, int growth) {

  /** Returns the channels of all features after this layer. */
  public int outChannels() {
    return inChannels + growth;
  }
}
