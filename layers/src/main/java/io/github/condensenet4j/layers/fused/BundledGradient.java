package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.kernels.training.BlockProduct;
import io.github.condensenet4j.kernels.training.TrainingKernels;
import io.github.condensenet4j.layers.arithmetic.GradientTarget;
import java.util.Arrays;

/**
 * The backward pass of a 1×1 convolution of few inputs, bundle by bundle of outputs: their
 * gradients are read from memory once, get what they owe, and are multiplied with the inputs for
 * those of the weights and with the weights for those of the inputs while they are in the cache.
 * With few connections there is too little to multiply for a copy of a bundle to pay, and each
 * output's gradient is taken where it is.
 */
final class BundledGradient {

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
    boolean isSparse = connections.outputsAreSparse();
    FeatureRow weights = isSparse ? packer.gathered(product, weight) : null;
    FeatureRow[] toFew =
        connections.toFew().stream()
            .map(of -> packer.gathered(of, weight))
            .toArray(FeatureRow[]::new);
    RowArrays gradients = RowArrays.of(dy);
    RowNorms asTheyAre = RowNorms.of(null, dy.rows());
    int chunk = packer.columnsAtOnce(connections.gradientColumns(), columns);
    RowSums[] sums = RowSums.forParts(crew.parts(), x.rows());
    float[][] products = new float[crew.parts()][];
    FeatureRow[] owing = RowOperations.owing(dy, connections.usedOutputs());
    Debts debts = Debts.of(kernels, dy);
    int[] rows = connections.inputsToWrite(target);
    int[] daAt = Arrays.stream(rows).map(connections::few).toArray();
    int[] allAt = Arrays.stream(connections.allInputs()).map(connections::few).toArray();
    RowArrays inputs = RowArrays.of(x);
    TargetRows rowsOfTarget = TargetRows.of(target);
    crew.share(
        (columns + chunk - 1) / chunk,
        crew.parts(product.connections()),
        (from, to, hand) -> {
          float[] ofWeights = new float[product.connections()];
          products[hand.part()] = ofWeights;
          float[] scratch = hand.buffer(DOTS, TrainingKernels.BLOCK_SCRATCH);
          float[] da = hand.buffer(PRODUCT, x.rows() * connections.fewPitch());
          float[][] daRows = new float[x.rows()][];
          Arrays.fill(daRows, da);
          RowArrays daOfAll = new RowArrays(daRows, allAt);
          for (int c = from; c < to; c++) {
            int first = c * chunk;
            int n = Math.min(chunk, columns - first);
            float[] few = packer.packFew(connections, inputs, norms, first, n, hand);
            float[] ready =
                connections.takesSlabs() ? packer.slabs(connections, few, x.rows(), n, hand) : few;
            for (int at : daAt) {
              Arrays.fill(da, at, at + n, 0);
            }
            for (int b = 0; b < connections.bundles().size(); b++) {
              RowBundle bundle = connections.bundles().get(b);
              for (int block = bundle.firstBlock(); block < bundle.endBlock(); block++) {
                // What is owed is reckoned from the sum as it is.
                debts.pay(connections.many()[block], first, n);
                if (taken != null) {
                  taken.add(kernels, block, few, first, n);
                }
                if (isSparse) {
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
              }
              if (!isSparse) {
                multiply(
                    connections,
                    b,
                    toFew[b],
                    gradients,
                    asTheyAre,
                    first,
                    n,
                    ready,
                    daOfAll,
                    hand,
                    ofWeights);
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
    packer.addGradients(connections, products, dWeight);
    arena.release(mark);
    RowOperations.markPaid(owing);
    RowOperations.written(target);
    if (sum != null) {
      RowOperations.changed(sum);
    }
    return RowSums.ofGradients(sums, norms);
  }

  /**
   * Multiplies a copy of a bundle's gradients for those of the weights and of the inputs.
   *
   * @param inputs the activated inputs, in slabs where gradients of weights take them
   */
  private void multiply(
      Connections connections,
      int number,
      FeatureRow weights,
      RowArrays gradients,
      RowNorms asTheyAre,
      int first,
      int n,
      float[] inputs,
      RowArrays da,
      Crew.Hand hand,
      float[] ofWeights) {
    RowBundle bundle = connections.bundles().get(number);
    BlockProduct product = connections.fromFew();
    BlockProduct toFew = connections.toFew().get(number);
    int pitch = connections.fewPitch();
    float[] copy = hand.buffer(PACKED, Connections.OUTPUTS_OF_A_BUNDLE * pitch);
    int[] slots = new int[bundle.rows().length];
    Arrays.setAll(slots, slot -> CacheLines.row(slot, pitch));
    packer.pack(gradients, asTheyAre, bundle.rows(), first, n, copy, slots, panel);
    float[] scratch = hand.buffer(DOTS, TrainingKernels.BLOCK_SCRATCH);
    int end = packer.panels(n) * panel;
    int slot = 0;
    for (int block = bundle.firstBlock(); block < bundle.endBlock(); block++) {
      if (connections.takesSlabs()) {
        kernels.addSlabProducts(product, block, inputs, copy, slots, slot, end, ofWeights);
      } else {
        kernels.addProducts(product, block, inputs, copy, slots, slot, end, ofWeights, scratch);
      }
      slot += connections.many()[block].length;
    }
    for (int block = 0; block < toFew.blocks(); block++) {
      kernels.addBlock(
          toFew, block, weights.array, weights.at, copy, 0, da.arrays(), da.at(), 0, n);
    }
  }
}
