package io.github.condensenet4j.core.folding;

/**
 * A sparse feature reactivation: its inputs are normalised, activated, put in groups, convolved and
 * added to channels.
 *
 * @param normalization of the inputs, in the order of the channels
 * @param groups groups of the convolution; their inputs are as {@link LearnedConvolution#shuffled}
 *     says
 * @param weights {@code [outputs, inputs / groups]}
 * @param targets channel to which each output is added
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared; copies would guard nothing.
public record SparseReactivation(
    ChannelScaling normalization, int groups, float[] weights, int[] targets) {

  /**
   * Returns the layer called {@code name}.
   *
   * @param name the reactivation, {@code features.denseblock_1.denselayer_1.sfr}
   * @param channels number of channels that it adds to
   * @param groups groups of the convolution
   */
  public static SparseReactivation of(
      FoldedWeights network, String name, int channels, int groups) {
    return new SparseReactivation(
        network.normalization(name + ".norm"),
        groups,
        network.floats(name + ".conv.weight"),
        network.index(name + ".index", channels));
  }

  /**
   * Returns the weights {@code [channels, inputs]} of one convolution that does all that comes
   * after the activation; most are 0.
   *
   * @param channels number of channels that it adds to
   */
  public float[] dense(int channels) {
    int inputs = normalization.channels();
    int depth = inputs / groups;
    float[] dense = new float[channels * inputs];
    for (int output = 0; output < targets.length; output++) {
      int group = output / (targets.length / groups);
      for (int k = 0; k < depth; k++) {
        int input = LearnedConvolution.shuffled(group * depth + k, groups, inputs);
        dense[targets[output] * inputs + input] += weights[output * depth + k];
      }
    }
    return dense;
  }
}
