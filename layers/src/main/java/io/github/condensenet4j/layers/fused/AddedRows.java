package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.kernels.training.BlockProduct;
import io.github.condensenet4j.kernels.training.TrainingKernels;

/**
 * A product of few inputs that is added to rows block by block, {@link Connections#fromFew}.
 *
 * @param product the product
 * @param weights its weights, in its order
 * @param rows what it is added to
 */
record AddedRows(BlockProduct product, FeatureRow weights, RowArrays rows) {

  static AddedRows of(BlockProduct product, FeatureRow weights, FeatureMatrix sum) {
    return new AddedRows(product, weights, RowArrays.of(sum));
  }

  /** Returns what takes a product with {@code weights}, which are lost, off {@code sum} again. */
  static AddedRows opposite(BlockProduct product, FeatureRow weights, FeatureMatrix sum) {
    for (int i = weights.at; i < weights.at + product.connections(); i++) {
      weights.array[i] = -weights.array[i];
    }
    return of(product, weights, sum);
  }

  /** Adds block {@code block} of the product with {@code few} to {@code n} columns. */
  void add(TrainingKernels kernels, int block, float[] few, int first, int n) {
    kernels.addBlock(
        product, block, weights.array, weights.at, few, 0, rows.arrays(), rows.at(), first, n);
  }

  /** Adds all blocks of a bundle. */
  void add(TrainingKernels kernels, RowBundle bundle, float[] few, int first, int n) {
    for (int block = bundle.firstBlock(); block < bundle.endBlock(); block++) {
      add(kernels, block, few, first, n);
    }
  }
}
