package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.kernels.training.CentredRows;
import io.github.condensenet4j.kernels.training.TrainingKernels;
import java.util.Arrays;

/**
 * The outputs of a 1×1 convolution with few connections, made again some at a time where their
 * gradients have taken their place and what these owe is reckoned from them.
 */
final class RemadeOutputs {

  private static final int REMADE = 2;

  private final Connections connections;
  private final FeatureRow weights;
  private final CentredRows terms;

  /** Null where no gradient has taken an output's place. */
  private final float[] outputs;

  /**
   * Prepares this for one thread.
   *
   * @param weights in the order of {@link Connections#fromFew}; not read where no gradient has
   *     taken an output's place
   * @param hand has memory for the rows of a bundle
   */
  RemadeOutputs(Connections connections, FeatureRow weights, Debts debts, Crew.Hand hand) {
    this.connections = connections;
    this.weights = weights;
    CentredRows owed = debts.terms();
    if (!debts.areOfReplaced()) {
      terms = owed;
      outputs = null;
      return;
    }
    outputs = hand.buffer(REMADE, Connections.OUTPUTS_OF_A_BUNDLE * connections.fewPitch());
    float[][] arrays = new float[owed.x().length][];
    Arrays.fill(arrays, outputs);
    terms = new CentredRows(arrays, new int[arrays.length], owed.mean(), owed.b(), owed.c());
  }

  /**
   * Makes the outputs of some blocks, no more than a bundle, if gradients have taken their place.
   *
   * @param few the activated inputs, from column {@code first} on
   * @param columns whole panels
   * @return what the blocks' gradients owe, until the next call
   */
  CentredRows terms(
      TrainingKernels kernels, int firstBlock, int endBlock, float[] few, int first, int columns) {
    if (outputs == null) {
      return terms;
    }
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
