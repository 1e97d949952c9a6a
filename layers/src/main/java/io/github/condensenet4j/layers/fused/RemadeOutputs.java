package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.kernels.training.CentredRows;
import io.github.condensenet4j.kernels.training.TrainingKernels;
import java.util.Arrays;

/**
 * The outputs of a 1×1 convolution with few connections, made again some at a time where their
 * gradients have taken their place and what these owe is reckoned from them.
 */
final class RemadeOutputs {

  private final Connections connections;
  private final FeatureRow weights;
  private final CentredRows terms;
  private final float[] outputs;

  /**
   * Prepares this for one thread.
   *
   * @param weights in the order of {@link Connections#fromFew}
   * @param owed what the gradients owe, by the numbers of the outputs
   * @param outputs takes the rows of a bundle, {@link Connections#fewPitch} apart
   */
  RemadeOutputs(Connections connections, FeatureRow weights, CentredRows owed, float[] outputs) {
    this.connections = connections;
    this.weights = weights;
    this.outputs = outputs;
    float[][] arrays = new float[owed.x().length][];
    Arrays.fill(arrays, outputs);
    terms = new CentredRows(arrays, new int[arrays.length], owed.mean(), owed.b(), owed.c());
  }

  /**
   * Makes the outputs of some blocks, no more than a bundle.
   *
   * @param few the activated inputs, from column {@code first} on
   * @param columns whole panels
   * @return what the blocks' gradients owe, until the next call
   */
  CentredRows terms(
      TrainingKernels kernels, int firstBlock, int endBlock, float[] few, int first, int columns) {
    int slot = 0;
    for (int block = firstBlock; block < endBlock; block++) {
      int[] rows = connections.many()[block];
      int[] to = new int[rows.length];
      for (int r = 0; r < rows.length; r++, slot++) {
        to[r] = CacheLines.row(slot, connections.fewPitch());
        terms.xAt()[rows[r]] = to[r] - first;
      }
      kernels.multiplyRows(
          connections.fromFew(), block, weights.array, weights.at, few, outputs, to, columns);
    }
    return terms;
  }
}
