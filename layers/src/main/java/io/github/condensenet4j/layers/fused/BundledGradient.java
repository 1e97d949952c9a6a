package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.kernels.training.BlockProduct;
import io.github.condensenet4j.kernels.training.TrainingKernels;
import io.github.condensenet4j.layers.arithmetic.GradientTarget;
import java.util.Arrays;

/**
 * The backward pass of a 1×1 convolution of few inputs with many connections, bundle by bundle of
 * outputs: their gradients are read from memory once, get what they owe, and are multiplied with
 * the inputs for those of the weights and with the weights for those of the inputs while they are
 * in the cache.
 */
final class BundledGradient {

  /** Columns at a time at most, as in {@link BlockwiseGradient}. */
  private static final int LONGEST_STRETCH = 1024;

  private static final int PACKED = 0;
  private static final int PRODUCT = 1;
  private static final int DOTS = 6;

  private final TrainingKernels kernels;
  private final Crew crew;
  private final Arena arena;
  private final RowPacker packer;
  private final int panel;

  BundledGradient(TrainingKernels kernels, Crew crew, Arena arena, RowPacker packer) {
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
    AddedRows taken =
        sum == null ? null : AddedRows.opposite(product, packer.gathered(product, weight), sum);
    FeatureRow[] weights =
        connections.toFew().stream()
            .map(toFew -> packer.gathered(toFew, weight))
            .toArray(FeatureRow[]::new);
    RowArrays gradients = RowArrays.of(dy);
    RowNorms asTheyAre = RowNorms.of(null, dy.rows());
    int pitch = connections.fewPitch();
    int chunk = packer.columnsAtOnce(Math.min(LONGEST_STRETCH, connections.fewColumns()), columns);
    RowSums[] sums = RowSums.forParts(crew.parts(), x.rows());
    float[][] products = new float[crew.parts()][];
    FeatureRow[] owing = RowOperations.owing(dy, connections.usedOutputs());
    Debts debts = Debts.of(kernels, dy);
    int[] rows = connections.inputsToWrite(target);
    int[] daAt = Arrays.stream(rows).map(connections::few).toArray();
    int[] inputsAt = Arrays.stream(connections.allInputs()).map(connections::few).toArray();
    int[] slots = new int[Connections.OUTPUTS_OF_A_BUNDLE];
    Arrays.setAll(slots, slot -> CacheLines.FIRST + slot * pitch);
    RowArrays inputs = RowArrays.of(x);
    TargetRows rowsOfTarget = TargetRows.of(target);
    crew.share(
        (columns + chunk - 1) / chunk,
        (from, to, hand) -> {
          float[] ofWeights = new float[product.connections()];
          products[hand.part()] = ofWeights;
          float[] scratch = hand.buffer(DOTS, TrainingKernels.BLOCK_SCRATCH);
          float[] outputs = hand.buffer(PACKED, slots.length * pitch);
          float[] da = hand.buffer(PRODUCT, x.rows() * pitch);
          float[][] daRows = new float[x.rows()][];
          Arrays.fill(daRows, da);
          for (int c = from; c < to; c++) {
            int first = c * chunk;
            int n = Math.min(chunk, columns - first);
            float[] few = packer.packFew(connections, inputs, norms, first, n, hand);
            for (int at : daAt) {
              Arrays.fill(da, at, at + n, 0);
            }
            for (int b = 0; b < weights.length; b++) {
              RowBundle bundle = connections.bundles().get(b);
              for (int block = bundle.firstBlock(); block < bundle.endBlock(); block++) {
                // What is owed is reckoned from the sum as it is.
                debts.pay(product.outputsOf(block), first, n);
                if (taken != null) {
                  taken.add(kernels, block, few, first, n);
                }
              }
              packer.pack(gradients, asTheyAre, bundle.rows(), first, n, outputs, slots, panel);
              int slot = 0;
              for (int block = bundle.firstBlock(); block < bundle.endBlock(); block++) {
                int end = packer.panels(n) * panel;
                kernels.addProducts(
                    product, block, few, outputs, slots, slot, end, ofWeights, scratch);
                slot += product.outputsOf(block).length;
              }
              BlockProduct toFew = connections.toFew().get(b);
              float[] w = weights[b].array;
              for (int block = 0; block < toFew.blocks(); block++) {
                kernels.addBlock(
                    toFew, block, w, weights[b].at, outputs, 0, daRows, inputsAt, 0, n);
              }
            }
            packer.packBackward(
                inputs,
                norms,
                rows,
                first,
                n,
                da,
                daAt,
                panel,
                rowsOfTarget,
                hand,
                sums[hand.part()]);
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
