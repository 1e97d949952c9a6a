package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.kernels.training.BlockProduct;
import io.github.condensenet4j.kernels.training.CentredRows;
import io.github.condensenet4j.kernels.training.TrainingKernels;
import java.util.Arrays;

/**
 * The outputs of a 1×1 convolution with few connections, made again block by block where their
 * gradients have taken their place and what these owe is reckoned from them.
 */
final class RemadeOutputs {

  private final Connections connections;
  private final FeatureRow weights;
  private final CentredRows terms;
  private final float[] outputs;
  private final int[] slots;

  /**
   * Prepares this for one thread.
   *
   * @param weights in the order of {@link Connections#fromFew}
   * @param owed what the gradients owe, by the numbers of the outputs
   * @param outputs takes the rows of a block, {@link Connections#fewPitch} apart
   */
  RemadeOutputs(Connections connections, FeatureRow weights, CentredRows owed, float[] outputs) {
    this.connections = connections;
    this.weights = weights;
    this.outputs = outputs;
    float[][] arrays = new float[owed.x().length][];
    Arrays.fill(arrays, outputs);
    terms = new CentredRows(arrays, new int[arrays.length], owed.mean(), owed.b(), owed.c());
    slots = new int[BlockProduct.MOST_ROWS];
    Arrays.setAll(slots, slot -> CacheLines.row(slot, connections.fewPitch()));
  }

  /**
   * Makes the outputs of a block.
   *
   * @param few the activated inputs, from column {@code first} on
   * @param columns whole panels
   * @return what the block's gradients owe, until the next call
   */
  CentredRows terms(TrainingKernels kernels, int block, float[] few, int first, int columns) {
    kernels.multiplyRows(
        connections.fromFew(), block, weights.array, weights.at, few, outputs, slots, columns);
    int[] rows = connections.many()[block];
    for (int slot = 0; slot < rows.length; slot++) {
      terms.xAt()[rows[slot]] = slots[slot] - first;
    }
    return terms;
  }
}
