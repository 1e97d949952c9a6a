package io.github.condensenet4j.core.folding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A learned 1×1 convolution with what surrounds it: inputs are picked, normalised, activated,
 * convolved, activated again and put in order.
 *
 * @param inputs channel that each input is
 * @param normalization of the inputs, in their order
 * @param groups groups of the convolution
 * @param weights {@code [out, inputs / groups]}, the normalisation after the convolution folded in
 * @param bias the rest of that normalisation
 * @param order which output of the convolution each channel after it is: the channel shuffle
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record LearnedConvolution(
    int[] inputs,
    ChannelScaling normalization,
    int groups,
    float[] weights,
    float[] bias,
    int[] order) {

  /**
   * Returns the layer called {@code name} as it stands: gathered, grouped, shuffled.
   *
   * @param name the dense layer, {@code features.denseblock_1.denselayer_1}
   * @param channels number of channels before the layer
   * @param groups groups of the convolution
   */
  public static LearnedConvolution grouped(
      FoldedWeights network, String name, int channels, int groups) {
    float[] weights = network.floats(name + ".conv_1.conv.weight");
    ChannelScaling second = network.normalization(name + ".conv_2.norm");
    int rows = second.channels();
    int depth = weights.length / rows;
    float[] bias = new float[rows];
    int[] order = new int[rows];
    for (int row = 0; row < rows; row++) {
      int channel = shuffled(row, groups, rows);
      order[channel] = row;
      bias[row] = second.shift()[channel];
      for (int k = 0; k < depth; k++) {
        weights[row * depth + k] *= second.scale()[channel];
      }
    }
    return new LearnedConvolution(
        network.index(name + ".conv_1.index", channels),
        network.normalization(name + ".conv_1.norm"),
        groups,
        weights,
        bias,
        order);
  }

  /**
   * Returns the layer called {@code name} of a network that is not condensed: one group that sees
   * all channels in their order, with 0 where a connection was dropped.
   *
   * @param name the dense layer, {@code features.denseblock_1.denselayer_1}
   */
  public static LearnedConvolution masked(FoldedWeights network, String name) {
    float[] weights = network.masked(name + ".conv_1");
    ChannelScaling first = network.normalization(name + ".conv_1.norm");
    ChannelScaling second = network.normalization(name + ".conv_2.norm");
    int depth = first.channels();
    for (int i = 0; i < weights.length; i++) {
      weights[i] *= second.scale()[i / depth];
    }
    return new LearnedConvolution(
        identity(depth), first, 1, weights, second.shift(), identity(second.channels()));
  }

  /**
   * Returns the same function as one group that sees all channels in their order.
   *
   * @param channels number of channels before the layer
   */
  public LearnedConvolution dense(int channels) {
    int rows = bias.length;
    int depth = weights.length / rows;
    int[] place = new int[inputs.length];
    List<Integer> distinct = distinctInputs(channels, place);
    float[] scale = new float[distinct.size()];
    float[] shift = new float[distinct.size()];
    for (int i = 0; i < inputs.length; i++) {
      scale[place[i]] = normalization.scale()[i];
      shift[place[i]] = normalization.shift()[i];
    }
    float[] wide = new float[rows * distinct.size()];
    float[] ordered = new float[rows];
    for (int channel = 0; channel < rows; channel++) {
      int row = order[channel];
      ordered[channel] = bias[row];
      int firstInput = row / (rows / groups) * depth;
      for (int k = 0; k < depth; k++) {
        wide[channel * distinct.size() + place[firstInput + k]] += weights[row * depth + k];
      }
    }
    return new LearnedConvolution(
        toArray(distinct), new ChannelScaling(scale, shift), 1, wide, ordered, identity(rows));
  }

  /**
   * Returns all channels in order, then once more those that groups normalise differently: the
   * copies of a channel are alike after conversion, but need not stay so in further training.
   *
   * @param place receives where each input is in the result
   */
  private List<Integer> distinctInputs(int channels, int[] place) {
    List<Integer> distinct = new ArrayList<>(channels);
    for (int c = 0; c < channels; c++) {
      distinct.add(c);
    }
    Map<List<Number>, Integer> known = new LinkedHashMap<>();
    boolean[] taken = new boolean[channels];
    for (int i = 0; i < inputs.length; i++) {
      int channel = inputs[i];
      List<Number> copy = List.of(channel, normalization.scale()[i], normalization.shift()[i]);
      Integer at = known.get(copy);
      if (at == null) {
        at = taken[channel] ? distinct.size() : channel;
        if (taken[channel]) {
          distinct.add(channel);
        }
        taken[channel] = true;
        known.put(copy, at);
      }
      place[i] = at;
    }
    return distinct;
  }

  /**
   * Returns the channel that is at place {@code grouped} when channels {@code g, g + G, g + 2G, …}
   * lie together as group {@code g} (official {@code ShuffleLayer} and {@code ShuffleLayerTrans}).
   */
  public static int shuffled(int grouped, int groups, int channels) {
    int members = channels / groups;
    return grouped % members * groups + grouped / members;
  }

  /** Tells whether {@code inputs} are all {@code channels} in their order. */
  public boolean takesAllInOrder(int channels) {
    return Arrays.equals(inputs, identity(channels));
  }

  private static int[] identity(int length) {
    int[] numbers = new int[length];
    for (int i = 0; i < length; i++) {
      numbers[i] = i;
    }
    return numbers;
  }

  private static int[] toArray(List<Integer> numbers) {
    return numbers.stream().mapToInt(Integer::intValue).toArray();
  }
}
