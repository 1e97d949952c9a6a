package io.github.condensenet4j.core.folding;

/**
 * Batch normalisation in evaluation: {@code y = scale · x + shift}.
 *
 * <p>The arrays are shared, not copied; nobody may change them afterwards.
 *
 * @param scale one factor a channel
 * @param shift one summand a channel
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared; copies would guard nothing.
public record ChannelScaling(float[] scale, float[] shift) {

  /** Returns the number of channels. */
  public int channels() {
    return scale.length;
  }

  /**
   * Returns the scaling of the same channels lying together by groups.
   *
   * @param groups what {@link LearnedConvolution#shuffled} takes
   */
  public ChannelScaling grouped(int groups) {
    float[] groupedScale = new float[scale.length];
    float[] groupedShift = new float[scale.length];
    for (int at = 0; at < scale.length; at++) {
      int channel = LearnedConvolution.shuffled(at, groups, scale.length);
      groupedScale[at] = scale[channel];
      groupedShift[at] = shift[channel];
    }
    return new ChannelScaling(groupedScale, groupedShift);
  }
}
