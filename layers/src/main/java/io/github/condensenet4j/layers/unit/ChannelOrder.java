package io.github.condensenet4j.layers.unit;

import io.github.condensenet4j.layers.arithmetic.Arithmetic;
import io.github.condensenet4j.layers.arithmetic.Extent;
import io.github.condensenet4j.layers.arithmetic.Matrix;
import io.github.condensenet4j.layers.arithmetic.Transform;
import java.util.Arrays;
import org.nd4j.autodiff.samediff.SDVariable;

/** An order of channels: channel {@code i} of the result is channel {@code source[i]}. */
public final class ChannelOrder {

  /** The order that changes nothing. */
  public static final ChannelOrder UNCHANGED = new ChannelOrder(null);

  private final int[] source;

  private ChannelOrder(int[] source) {
    this.source = source;
  }

  /**
   * Returns the order that spreads groups: channel {@code k} of group {@code g} goes to {@code k ·
   * groups + g} (the official {@code ShuffleLayer}).
   */
  public static ChannelOrder shuffle(int channels, int groups) {
    int perGroup = channels / groups;
    int[] source = new int[channels];
    for (int g = 0; g < groups; g++) {
      for (int k = 0; k < perGroup; k++) {
        source[k * groups + g] = g * perGroup + k;
      }
    }
    return new ChannelOrder(source);
  }

  /** Returns the order that gathers groups again (the official {@code ShuffleLayerTrans}). */
  public static ChannelOrder unshuffle(int channels, int groups) {
    return shuffle(channels, groups).inverse();
  }

  /** Returns the order that undoes this one. */
  ChannelOrder inverse() {
    if (source == null) {
      return this;
    }
    int[] inverse = new int[source.length];
    for (int i = 0; i < source.length; i++) {
      inverse[source[i]] = i;
    }
    return new ChannelOrder(inverse);
  }

  /** Returns {@code x} in this order; it may share memory with {@code x}. */
  Matrix of(Arithmetic arithmetic, Matrix x, Extent extent) {
    return source == null ? x : arithmetic.select(x, extent, source);
  }

  /** Returns {@code transform} for channels in this order. */
  Transform of(Transform transform) {
    return source == null ? transform : transform.select(source);
  }

  /** Returns numbers of channels in this order. */
  double[] of(double[] numbers) {
    return source == null
        ? numbers
        : Arrays.stream(source).mapToDouble(channel -> numbers[channel]).toArray();
  }

  /** Writes down {@code x} in this order. */
  SDVariable define(Definition definition, SDVariable x) {
    return source == null ? x : definition.channels(x, source);
  }
}
