package io.github.condensenet4j.core.folding;

import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.tensor.StateDict;

/**
 * The tensors of a network as plain arrays, normalisations as factors and summands.
 *
 * @param tensors tensors by their official names
 */
public record FoldedWeights(StateDict tensors) {

  // Of batch normalisation in the official code.
  private static final double EPSILON = 1e-5;

  /** Returns a copy of the numbers of the tensor called {@code name}. */
  public float[] floats(String name) {
    return tensors.get(name).toFloats();
  }

  /**
   * Returns the channel numbers that the tensor called {@code name} holds.
   *
   * @param channels what each of them is below
   * @throws CondenseNetException if one is not, naming it
   */
  public int[] index(String name, int channels) {
    long[] values = tensors.get(name).toLongs();
    int[] index = new int[values.length];
    for (int i = 0; i < index.length; i++) {
      if (values[i] < 0 || values[i] >= channels) {
        throw new CondenseNetException(
            "%s holds %d, channels from 0 to %d expected; the weights are damaged"
                .formatted(name, values[i], channels - 1));
      }
      index[i] = (int) values[i];
    }
    return index;
  }

  /**
   * Returns the weights of the learned convolution called {@code name}, of a network that is not
   * condensed, with 0 for every connection that its mask has dropped.
   */
  public float[] masked(String name) {
    float[] weights = floats(name + ".conv.weight");
    float[] mask = floats(name + "._mask");
    for (int i = 0; i < weights.length; i++) {
      weights[i] *= mask[i];
    }
    return weights;
  }

  /** Returns what the normalisation called {@code name} does in evaluation. */
  public ChannelScaling normalization(String name) {
    float[] weight = floats(name + ".weight");
    float[] bias = floats(name + ".bias");
    float[] mean = floats(name + ".running_mean");
    float[] variance = floats(name + ".running_var");
    float[] scale = new float[weight.length];
    float[] shift = new float[weight.length];
    for (int c = 0; c < weight.length; c++) {
      double factor = weight[c] / Math.sqrt(variance[c] + EPSILON);
      scale[c] = (float) factor;
      shift[c] = (float) (bias[c] - mean[c] * factor);
    }
    return new ChannelScaling(scale, shift);
  }
}
