package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.kernels.training.BlockProduct;
import io.github.condensenet4j.kernels.training.CentredRows;
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
    int mark = arena.mark();
    BlockProduct product = connections.fromFew();
    boolean isSparse = connections.outputsAreSparse();
    Debts debts = Debts.of(kernels, dy);
    FeatureRow weights =
        isSparse || debts.areOfReplaced() || sum != null ? packer.gathered(product, weight) : null;
    AddedRows taken = isSparse || sum == null ? null : AddedRows.opposite(product, weights, sum);
    RowArrays sums = sum == null ? new RowArrays(null, null) : RowArrays.of(sum);
    FeatureRow[] toFew =
        connections.toFew().stream()
            .map(of -> packer.gathered(of, weight))
            .toArray(FeatureRow[]::new);
    RowArrays gradients = debts.rows();
    int[] copiesAt = copiesAt(connections, dy.rows());
    Chunks chunks = packer.chunks(x.columns(), connections.gradientColumns());
    RowSums[] totals = RowSums.forParts(crew.parts(), x.rows());
    float[][] products = new float[crew.parts()][];
    FeatureRow[] owing = RowOperations.owing(dy, connections.usedOutputs());
    int[] rows = connections.inputsToWrite(target);
    int[] daAt = Arrays.stream(rows).map(row -> connections.fewAt()[row]).toArray();
    RowArrays inputs = RowArrays.of(x);
    TargetRows rowsOfTarget = TargetRows.of(target);
    crew.share(
        chunks.count(),
        crew.parts(product.connections()),
        (from, to, hand) -> {
          float[] ofWeights = new float[product.connections()];
          products[hand.part()] = ofWeights;
          float[] scratch = hand.buffer(DOTS, TrainingKernels.BLOCK_SCRATCH);
          float[] da = hand.buffer(PRODUCT, x.rows() * connections.fewPitch());
          RowArrays daOfAll = RowArrays.in(da, connections.fewAt());
          RemadeOutputs remade = new RemadeOutputs(connections, weights, debts, hand);
          RowArrays copies = RowArrays.in(hand.buffer(PACKED, copyLength(connections)), copiesAt);
          for (int c = from; c < to; c++) {
            int first = chunks.first(c);
            int n = chunks.columns(c);
            int end = packer.panels(n) * panel;
            float[] few = packer.packFew(connections, inputs, norms, first, n, hand);
            float[] ready =
                connections.takesSlabs() ? packer.slabs(connections, few, x.rows(), n, hand) : few;
            for (int at : daAt) {
              Arrays.fill(da, at, at + n, 0);
            }
            for (int b = 0; b < connections.bundles().size(); b++) {
              RowBundle bundle = connections.bundles().get(b);
              if (isSparse) {
                for (int block = bundle.firstBlock(); block < bundle.endBlock(); block++) {
                  debts.fetch(connections.many()[block], first, n);
                  kernels.addBlockBackward(
                      product,
                      block,
                      weights.array,
                      weights.at,
                      few,
                      remade.terms(kernels, block, block + 1, few, first, end),
                      gradients.arrays(),
                      gradients.at(),
                      sums.arrays(),
                      sums.at(),
                      first,
                      n,
                      da,
                      ofWeights,
                      scratch);
                }
              } else {
                // What is owed is reckoned from the sum as it is.
                if (taken == null) {
                  CentredRows owed =
                      remade.terms(
                          kernels, bundle.firstBlock(), bundle.endBlock(), few, first, end);
                  debts.copy(owed, bundle.rows(), first, n, copies);
                } else {
                  debts.payAndCopy(bundle.rows(), first, n, copies);
                  taken.add(kernels, bundle, few, first, n);
                }
                multiply(connections, b, toFew[b], n, ready, daOfAll, hand, ofWeights);
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
                totals[hand.part()]);
          }
        });
    packer.addGradients(connections, products, dWeight);
    arena.release(mark);
    RowOperations.written(target);
    if (sum != null) {
      RowOperations.markPaid(owing);
      RowOperations.changed(sum);
    }
    return RowSums.ofGradients(totals, norms);
  }

  /** Returns where each output's gradient is copied to, which is one place in each bundle. */
  private static int[] copiesAt(Connections connections, int outputs) {
    int[] at = new int[outputs];
    for (RowBundle bundle : connections.bundles()) {
      for (int slot = 0; slot < bundle.rows().length; slot++) {
        at[bundle.rows()[slot]] = CacheLines.row(slot, connections.fewPitch());
      }
    }
    return at;
  }

  private static int copyLength(Connections connections) {
    return Connections.OUTPUTS_OF_A_BUNDLE * connections.fewPitch();
  }

  /**
   * Multiplies the copy of a bundle's gradients for those of the weights and of the inputs.
   *
   * @param inputs the activated inputs, in slabs where gradients of weights take them
   */
  private void multiply(
      Connections connections,
      int number,
      FeatureRow weights,
      int n,
      float[] inputs,
      RowArrays da,
      Crew.Hand hand,
      float[] ofWeights) {
    RowBundle bundle = connections.bundles().get(number);
    BlockProduct product = connections.fromFew();
    BlockProduct toFew = connections.toFew().get(number);
    float[] copy = hand.buffer(PACKED, copyLength(connections));
    int[] slots = new int[bundle.rows().length];
    int end = packer.panels(n) * panel;
    for (int slot = 0; slot < slots.length; slot++) {
      slots[slot] = CacheLines.row(slot, connections.fewPitch());
      Arrays.fill(copy, slots[slot] + n, slots[slot] + end, 0);
    }
    float[] scratch = hand.buffer(DOTS, TrainingKernels.BLOCK_SCRATCH);
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
