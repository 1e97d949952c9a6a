package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.kernels.training.BlockProduct;
import io.github.condensenet4j.kernels.training.TrainingKernels;
import io.github.condensenet4j.layers.arithmetic.GradientTarget;
import java.util.Arrays;

/**
 * The backward pass of a 1×1 convolution of few outputs: up to eight inputs at a time that are
 * connected with the same outputs. They are read from memory once, normalised and activated,
 * multiplied with the outputs' gradients for those of the weights, and their own gradient, put
 * together from the same, goes back through the activation while all of it is in the cache.
 */
final class BlockwiseGradient {

  private static final int PACKED = 0;
  private static final int PRODUCT = 1;
  private static final int DOTS = 6;

  private final TrainingKernels kernels;
  private final Crew crew;
  private final Arena arena;
  private final RowPacker packer;
  private final int panel;

  BlockwiseGradient(TrainingKernels kernels, Crew crew, Arena arena, RowPacker packer) {
    this.kernels = kernels;
    this.crew = crew;
    this.arena = arena;
    this.packer = packer;
    panel = kernels.panel();
  }

  /** See {@link PointwiseConvolution#backward}. */
  double[][] backward(
      Connections connections,
      FeatureMatrix x,
      RowNorms norms,
      WeightMatrix weight,
      FeatureMatrix dy,
      WeightMatrix dWeight,
      GradientTarget target) {
    int mark = arena.mark();
    BlockProduct product = connections.fromFew();
    RowArrays inputs = RowArrays.of(x);
    TargetRows rowsOfTarget = TargetRows.of(target);
    FeatureRow weights = packer.gathered(product, weight);
    Chunks chunks = packer.chunks(x.columns(), connections.gradientColumns());
    RowSums[] sums = RowSums.forParts(crew.parts(), x.rows());
    float[][] products = new float[crew.parts()][];
    Debts debts = Debts.of(kernels, dy);
    crew.share(
        chunks.count(),
        crew.parts(product.connections()),
        (from, to, hand) -> {
          float[] ofWeights = new float[product.connections()];
          products[hand.part()] = ofWeights;
          float[] scratch = hand.buffer(DOTS, TrainingKernels.BLOCK_SCRATCH);
          int pitch = chunks.longest() + panel;
          float[] a = hand.buffer(PACKED, BlockProduct.MOST_ROWS * pitch);
          float[] da = hand.buffer(PRODUCT, BlockProduct.MOST_ROWS * pitch);
          int[] rowsAt = new int[BlockProduct.MOST_ROWS];
          Arrays.setAll(rowsAt, r -> CacheLines.row(r, pitch));
          for (int c = from; c < to; c++) {
            int first = chunks.first(c);
            int n = chunks.columns(c);
            float[] few = packer.copyFew(connections, debts, first, n, hand);
            float[] slabs =
                connections.takesSlabs()
                    ? packer.slabs(connections, few, dy.rows(), n, hand)
                    : null;
            int end = packer.panels(n) * panel;
            for (int block = 0; block < product.blocks(); block++) {
              if (product.depthOf(block) == 0 && target.accumulates()) {
                continue;
              }
              int[] rows = connections.many()[block];
              packer.pack(inputs, norms, rows, first, n, a, rowsAt, panel);
              if (slabs == null) {
                kernels.multiplyBlock(
                    product,
                    block,
                    weights.array,
                    weights.at,
                    few,
                    a,
                    da,
                    rowsAt,
                    end,
                    ofWeights,
                    scratch);
              } else {
                kernels.multiplyRows(
                    product, block, weights.array, weights.at, few, da, rowsAt, end);
                kernels.addSlabProducts(product, block, slabs, a, rowsAt, 0, end, ofWeights);
              }
              packer.packBackward(
                  inputs,
                  norms,
                  rows,
                  first,
                  n,
                  da,
                  rowsAt,
                  panel,
                  rowsOfTarget,
                  hand,
                  sums[hand.part()]);
            }
          }
        });
    packer.addGradients(connections, products, dWeight);
    arena.release(mark);
    RowOperations.written(target);
    return RowSums.ofGradients(sums, norms);
  }
}
