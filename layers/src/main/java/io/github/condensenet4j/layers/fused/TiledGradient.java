package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.kernels.training.BlockProduct;
import io.github.condensenet4j.kernels.training.TrainingKernels;
import io.github.condensenet4j.layers.arithmetic.GradientTarget;
import java.util.Arrays;

/**
 * The backward pass of a 1×1 convolution of few inputs with many connections, tile by tile of
 * columns: gradients go through the transposed product, the activation and the sums of the
 * normalisation while they are in the cache.
 */
final class TiledGradient {

  private static final int PACKED = 0;
  private static final int PRODUCT = 1;
  private static final int BUNDLE = 2;
  private static final int DOTS = 6;

  private final TrainingKernels kernels;
  private final Crew crew;
  private final Arena arena;
  private final RowPacker packer;
  private final int panel;

  TiledGradient(TrainingKernels kernels, Crew crew, Arena arena, RowPacker packer) {
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
    FeatureRow weights = packer.gathered(connections.backward(), weight);
    AddedRows taken =
        sum == null
            ? null
            : AddedRows.opposite(
                connections.adding(), packer.gathered(connections.adding(), weight), sum);
    int longest = PointwiseConvolution.longestTile(x.rows() + dy.rows(), panel);
    int tile = packer.columnsAtOnce(longest, columns);
    int most = packer.columnsAtOnce(connections.fewColumns(), columns);
    int chunk = Math.max(tile, most / tile * tile);
    RowSums[] sums = RowSums.forParts(crew.parts(), x.rows());
    float[][] products = new float[crew.parts()][];
    FeatureRow[] owing = RowOperations.owing(dy, connections.usedOutputs());
    Debts debts = Debts.of(kernels, dy);
    RowArrays inputs = RowArrays.of(x);
    RowArrays gradients = RowArrays.of(dy);
    RowNorms asTheyAre = RowNorms.of(null, dy.rows());
    TargetRows to = TargetRows.of(target);
    int[] sourceAt = packer.inPanels(connections.usedOutputs());
    int[] rows = connections.inputsToWrite(target);
    int[] daAt = packer.inPanels(rows);
    crew.share(
        (columns + chunk - 1) / chunk,
        (from, end, hand) -> {
          float[] ofWeights = new float[connections.gradient().sumsLength()];
          products[hand.part()] = ofWeights;
          for (int c = from; c < end; c++) {
            int first = c * chunk;
            int n = Math.min(chunk, columns - first);
            if (sum == null) {
              debts.pay(connections.usedOutputs(), first, n);
            }
            float[] few = packer.packFew(connections, inputs, norms, first, n, hand);
            if (sum != null) {
              takeOff(taken, few, debts, first, n);
            }
            addWeightGradient(connections, dy, first, n, chunk, few, hand, ofWeights);
            for (int done = 0; done < n; done += tile) {
              inputGradient(
                  connections,
                  weights,
                  inputs,
                  norms,
                  gradients,
                  asTheyAre,
                  to,
                  sourceAt,
                  rows,
                  daAt,
                  first + done,
                  Math.min(tile, n - done),
                  hand,
                  sums[hand.part()]);
            }
          }
        });
    GradientBlocks gradient = connections.gradient();
    crew.share(
        gradient.sumsLength(),
        (from, end, hand) -> gradient.addTo(dWeight.values(), dWeight.at(), products, from, end));
    arena.release(mark);
    RowOperations.markPaid(owing);
    RowOperations.written(target);
    if (sum != null) {
      RowOperations.changed(sum);
    }
    return RowSums.ofGradients(sums, norms);
  }

  /**
   * Takes the products off their sum. What its gradient owes is reckoned from the sum as it is, so
   * it is paid before.
   */
  private void takeOff(AddedRows taken, float[] few, Debts debts, int first, int n) {
    for (int block = 0; block < taken.product().blocks(); block++) {
      debts.pay(taken.product().outputsOf(block), first, n);
      taken.add(kernels, block, few, first, n);
    }
  }

  private void addWeightGradient(
      Connections connections,
      FeatureMatrix dy,
      int first,
      int n,
      int chunk,
      float[] few,
      Crew.Hand hand,
      float[] ofWeights) {
    GradientBlocks blocks = connections.gradient();
    // Staggered, so that the rows do not compete for the same lines of the cache.
    int pitch = chunk + panel;
    int size = blocks.bundleSize();
    float[] bundle = hand.buffer(BUNDLE, size * pitch);
    int[] bundleAt = new int[size];
    Arrays.setAll(bundleAt, a -> CacheLines.FIRST + a * pitch);
    int[] inPlace = new int[size];
    for (int q = 0; q < blocks.bundles(); q++) {
      float[] rows = bundle;
      int[] rowsAt = bundleAt;
      if (n % panel == 0 && sharesArray(blocks, q, dy)) {
        rows = dy.channels()[blocks.many(q, 0)].array;
        rowsAt = inPlace;
        for (int a = 0; a < size; a++) {
          rowsAt[a] = dy.channels()[blocks.many(q, a)].at + first;
        }
      } else {
        for (int a = 0; a < size; a++) {
          packer.copy(dy.channels()[blocks.many(q, a)], first, n, bundle, bundleAt[a], panel);
        }
      }
      blocks.multiply(
          kernels,
          q,
          rows,
          rowsAt,
          0,
          few,
          packer.panels(n) * panel,
          ofWeights,
          hand.buffer(DOTS, TrainingKernels.DOT_SCRATCH));
    }
  }

  /** Tells whether the rows of a bundle can be read where they are. */
  private static boolean sharesArray(GradientBlocks blocks, int bundle, FeatureMatrix matrix) {
    float[] array = matrix.channels()[blocks.many(bundle, 0)].array;
    for (int a = 1; a < blocks.bundleSize(); a++) {
      if (matrix.channels()[blocks.many(bundle, a)].array != array) {
        return false;
      }
    }
    return true;
  }

  private void inputGradient(
      Connections connections,
      FeatureRow weights,
      RowArrays inputs,
      RowNorms norms,
      RowArrays gradients,
      RowNorms asTheyAre,
      TargetRows target,
      int[] sourceAt,
      int[] rows,
      int[] daAt,
      int first,
      int n,
      Crew.Hand hand,
      RowSums sums) {
    int in = inputs.at().length;
    int out = gradients.at().length;
    int panels = packer.panels(n);
    float[] source = hand.buffer(PACKED, out * panels * panel);
    int[] used = connections.usedOutputs();
    int step = out * panel;
    packer.pack(gradients, asTheyAre, used, first, n, source, sourceAt, step);
    float[] da = hand.buffer(PRODUCT, in * panels * panel);
    BlockProduct product = connections.backward();
    for (int p = 0; p < panels; p++) {
      int at = CacheLines.FIRST + p * out * panel;
      kernels.multiply(
          product, weights.array, weights.at, source, at, da, CacheLines.FIRST + p * in * panel);
    }
    packer.packBackward(inputs, norms, rows, first, n, da, daAt, in * panel, target, hand, sums);
  }
}
