package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Computes scores before softmax, batch by batch.
 *
 * @param scorer the network
 * @param imageSize height and width of the inputs
 * @param batchSize images that go through it at a time
 */
record Predictor(Scorer scorer, int imageSize, int batchSize) {

  /**
   * Returns scores {@code [N][classes]}.
   *
   * @param images {@code [N, 3, size, size]}
   */
  float[][] logits(Tensor images) {
    int values = 3 * imageSize * imageSize;
    float[] all = images.toFloats();
    float[][] logits = new float[images.size(0)][];
    for (int from = 0; from < logits.length; from += batchSize) {
      int to = Math.min(logits.length, from + batchSize);
      float[] some = Arrays.copyOfRange(all, from * values, to * values);
      System.arraycopy(scorer.logits(some, to - from, imageSize), 0, logits, from, to - from);
    }
    return logits;
  }

  /**
   * Returns scores {@code [N][classes]}.
   *
   * @param images N images of {@code [3, size, size]} in C order, a batch at most
   */
  float[][] logits(List<float[]> images) {
    if (images.isEmpty()) {
      return new float[0][];
    }
    int values = 3 * imageSize * imageSize;
    float[] all = new float[images.size() * values];
    for (int image = 0; image < images.size(); image++) {
      System.arraycopy(images.get(image), 0, all, image * values, values);
    }
    return scorer.logits(all, images.size(), imageSize);
  }
}
