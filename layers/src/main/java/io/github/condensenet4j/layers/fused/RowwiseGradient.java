package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.kernels.training.BlockProduct;
import io.github.condensenet4j.kernels.training.TrainingKernels;
import io.github.condensenet4j.layers.arithmetic.GradientTarget;
import java.util.Arrays;

/**
 * The backward pass of a 1×1 convolution of few inputs and few connections: output by output, each
 * of which is read from memory once and does all that it has to do while it is in the cache. There
 * is too little to multiply for panels to be worth filling.
 */
final class RowwiseGradient {

  private static final int PRODUCT = 1;
  private static final int DOTS = 6;

  private final TrainingKernels kernels;
  private final Crew crew;
  private final Arena arena;
  private final RowPacker packer;
  private final int panel;

  RowwiseGradient(TrainingKernels kernels, Crew crew, Arena arena, RowPacker packer) {
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
      GradientTarget target,
      FeatureMatrix sum) {
    int columns = x.columns();
    int mark = arena.mark();
    BlockProduct product = connections.fromFew();
    FeatureRow weights = packer.gathered(product, weight);
    AddedRows taken =
        sum == null ? null : AddedRows.opposite(product, packer.gathered(product, weight), sum);
    RowArrays gradients = RowArrays.of(dy);
    int pitch = connections.fewPitch();
    int chunk = packer.columnsAtOnce(connections.fewColumns(), columns);
    RowSums[] sums = RowSums.forParts(crew.parts(), x.rows());
    float[][] products = new float[crew.parts()][];
    FeatureRow[] owing = RowOperations.owing(dy, connections.usedOutputs());
    Debts debts = Debts.of(kernels, dy);
    int[] rows = connections.inputsToWrite(target);
    int[] daAt = Arrays.stream(rows).map(connections::few).toArray();
    RowArrays inputs = RowArrays.of(x);
    TargetRows to = TargetRows.of(target);
    crew.share(
        (columns + chunk - 1) / chunk,
        (from, end, hand) -> {
          float[] ofWeights = new float[product.connections()];
          products[hand.part()] = ofWeights;
          float[] scratch = hand.buffer(DOTS, TrainingKernels.DOT_SCRATCH);
          float[] da = hand.buffer(PRODUCT, x.rows() * pitch);
          for (int c = from; c < end; c++) {
            int first = c * chunk;
            int n = Math.min(chunk, columns - first);
            float[] few = packer.packFew(connections, inputs, norms, first, n, hand);
            for (int at : daAt) {
              Arrays.fill(da, at, at + n, 0);
            }
            for (int block = 0; block < product.blocks(); block++) {
              // What is owed is reckoned from the sum as it is.
              debts.pay(product.outputsOf(block), first, n);
              if (taken != null) {
                taken.add(kernels, block, few, first, n);
              }
              kernels.addBlockBackward(
                  product,
                  block,
                  weights.array,
                  weights.at,
                  few,
                  0,
                  gradients.arrays(),
                  gradients.at(),
                  first,
                  n,
                  da,
                  0,
                  ofWeights,
                  0,
                  scratch);
            }
            packer.packBackward(
                inputs, norms, rows, first, n, da, daAt, panel, to, hand, sums[hand.part()]);
          }
        });
    packer.addGradients(product, products, dWeight);
    arena.release(mark);
    RowOperations.markPaid(owing);
    RowOperations.written(target);
    if (sum != null) {
      RowOperations.changed(sum);
    }
    return RowSums.ofGradients(sums, norms);
  }
}
