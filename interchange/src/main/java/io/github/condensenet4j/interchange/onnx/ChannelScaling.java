package io.github.condensenet4j.interchange.onnx;

/**
 * Batch normalisation in evaluation: {@code y = scale · x + shift}.
 *
 * @param scale one factor a channel
 * @param shift one summand a channel
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record ChannelScaling(float[] scale, float[] shift) {

  int channels() {
    return scale.length;
  }
}
