package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.kernels.training.Activation;
import io.github.condensenet4j.kernels.training.BlockProduct;
import io.github.condensenet4j.kernels.training.TrainingKernels;
import io.github.condensenet4j.layers.arithmetic.ConvolutionShape;
import java.util.Arrays;

/**
 * Makes what a convolution multiplies ready: rows normalised and activated, or as they are, and
 * weights in the order of a product; and takes gradients the same way back.
 */
final class RowPacker {

  /** From so many weights on, putting them in order is worth sharing. */
  private static final int MANY_CONNECTIONS = 1 << 13;

  /** How many times more weights than connections there must be to go through them in order. */
  private static final int MANY_DROPPED = 2;

  private static final int PARTIAL = 3;
  private static final int FEW = 4;
  private static final int SLABS = 7;

  private final TrainingKernels kernels;
  private final Crew crew;
  private final Arena arena;
  private final int panel;

  RowPacker(TrainingKernels kernels, Crew crew, Arena arena) {
    this.kernels = kernels;
    this.crew = crew;
    this.arena = arena;
    panel = kernels.panel();
  }

  /** Returns the panels that {@code columns} columns fill. */
  int panels(int columns) {
    return (columns + panel - 1) / panel;
  }

  /** Cuts columns into chunks of at most {@code most}, or one panel. */
  Chunks chunks(int columns, int most) {
    return new Chunks(columns, most, panel, crew.threads());
  }

  private int parts(int connections) {
    return connections < MANY_CONNECTIONS ? 1 : crew.parts();
  }

  /** Returns the weights in the order of {@code product}, in the arena. */
  FeatureRow gathered(BlockProduct product, WeightMatrix weight) {
    FeatureRow gathered = arena.take(product.connections());
    float[] values = weight.values();
    crew.share(
        product.blocks(),
        parts(product.connections()),
        (from, to, hand) ->
            product.gather(values, weight.at(), gathered.array, gathered.at, from, to));
    return gathered;
  }

  /** Returns the weights of each group in the order of {@code product}, in the arena. */
  FeatureRow[] gathered(BlockProduct product, WeightMatrix weight, ConvolutionShape shape) {
    FeatureRow[] gathered = new FeatureRow[shape.groups()];
    Arrays.setAll(gathered, g -> arena.take(product.connections()));
    int ofGroup = shape.outChannelsPerGroup() * weight.columns();
    float[] values = weight.values();
    crew.share(
        shape.groups(),
        parts(shape.groups() * product.connections()),
        (from, to, hand) -> {
          for (int g = from; g < to; g++) {
            FeatureRow row = gathered[g];
            product.gather(values, weight.at() + g * ofGroup, row.array, row.at);
          }
        });
    return gathered;
  }

  /**
   * Adds gradients of weights that lie in the order of {@link Connections#fromFew}, those of all
   * parts in their order, to {@code dWeight}.
   */
  void addGradients(Connections connections, float[][] parts, WeightMatrix dWeight) {
    int slab = connections.takesSlabs() ? kernels.slab() : 1;
    addGradients(connections.fromFew(), parts, slab, dWeight);
  }

  /** Adds gradients of weights that lie in the order of {@code product} likewise. */
  void addGradients(BlockProduct product, float[][] parts, WeightMatrix dWeight) {
    addGradients(product, parts, 1, dWeight);
  }

  private void addGradients(BlockProduct product, float[][] parts, int slab, WeightMatrix dWeight) {
    int most = parts(product.connections());
    int columns = dWeight.columns();
    int at = dWeight.at();
    if (dWeight.isBlank() && slab == 1 && product.connections() < dWeight.length() / MANY_DROPPED) {
      // Row by row each thread has what it writes, zeros and all, in its own cache.
      float[] values = dWeight.overwritten();
      crew.share(
          dWeight.rows(),
          most,
          (from, to, hand) -> product.writeTo(values, at, parts, from * columns, to * columns));
      return;
    }
    float[] values = dWeight.values();
    crew.share(
        product.blocks(),
        most,
        (from, to, hand) -> product.addTo(values, at, parts, slab, from, to));
  }

  /** Packs {@code n} columns of row {@code number}, normalised and activated. */
  void pack(
      FeatureRow row,
      RowNorms norms,
      int number,
      int first,
      int n,
      float[] packed,
      int at,
      int step) {
    CacheLines.fetch(row.array, row.at + first, n);
    kernels.pack(
        norms.function,
        norms.mean[number],
        norms.scale[number],
        norms.bias[number],
        row.array,
        row.at + first,
        n,
        packed,
        at,
        step);
    norms.drop(number, first, packed, at, step, n, panel);
  }

  /** Packs {@code n} columns of the rows {@code numbers}, each to where {@code packedAt} says. */
  void pack(
      RowArrays rows,
      RowNorms norms,
      int[] numbers,
      int first,
      int n,
      float[] packed,
      int[] packedAt,
      int step) {
    CacheLines.fetch(rows, numbers, first, n);
    kernels.packRows(
        norms.function,
        norms.mean,
        norms.scale,
        norms.bias,
        rows.arrays(),
        rows.at(),
        numbers,
        first,
        n,
        packed,
        packedAt,
        step);
    if (norms.dropout != null) {
      for (int i = 0; i < numbers.length; i++) {
        norms.drop(numbers[i], first, packed, packedAt[i], step, n, panel);
      }
    }
  }

  /** Packs {@code n} columns of a row as they are. */
  void copy(FeatureRow row, int first, int n, float[] packed, int at, int step) {
    kernels.pack(Activation.IDENTITY, 0, 1, 0, row.array, row.at + first, n, packed, at, step);
  }

  /** Returns the activated inputs, which are few, each row in one piece. */
  float[] packFew(
      Connections connections, RowArrays x, RowNorms norms, int first, int n, Crew.Hand hand) {
    int[] rows = connections.allInputs();
    float[] few = hand.buffer(FEW, rows.length * connections.fewPitch());
    pack(x, norms, rows, first, n, few, connections.fewAt(), panel);
    return few;
  }

  /** Returns {@code n} columns of the few, which are {@code rows} rows, in slabs. */
  float[] slabs(Connections connections, float[] few, int rows, int n, Crew.Hand hand) {
    int pitch = connections.fewPitch();
    float[] slabs = hand.buffer(SLABS, rows * pitch);
    kernels.packSlabs(few, CacheLines.FIRST, pitch, rows, panels(n) * panel, slabs);
    return slabs;
  }

  /** Returns where rows begin that are packed into panels of all rows. */
  int[] inPanels(int[] rows) {
    return Arrays.stream(rows).map(row -> CacheLines.row(row, panel)).toArray();
  }

  /**
   * Returns the outputs' gradients, which are few, with what they owe, each row in one piece. They
   * go on owing it, which saves writing them.
   */
  float[] copyFew(Connections connections, Debts debts, int first, int n, Crew.Hand hand) {
    int[] rows = connections.allOutputs();
    int[] at = connections.fewAt();
    float[] few = hand.buffer(FEW, rows.length * connections.fewPitch());
    debts.copy(rows, first, n, RowArrays.in(few, at));
    int end = panels(n) * panel;
    for (int r = 0; n < end && r < rows.length; r++) {
      Arrays.fill(few, at[r] + n, at[r] + end, 0);
    }
    return few;
  }

  /**
   * Takes the gradients of packed rows back: from {@code da} at {@code daAt}, which dropout
   * changes, to the rows {@code numbers} of the target; their sums go to {@code sums}.
   */
  void packBackward(
      RowArrays x,
      RowNorms norms,
      int[] numbers,
      int first,
      int n,
      float[] da,
      int[] daAt,
      int step,
      TargetRows target,
      Crew.Hand hand,
      RowSums sums) {
    if (norms.dropout != null) {
      for (int i = 0; i < numbers.length; i++) {
        norms.drop(numbers[i], first, da, daAt[i], step, n, panel);
      }
    }
    if (target.accumulates()) {
      CacheLines.fetch(target.rows(), numbers, first, n);
    }
    float[] partial = hand.buffer(PARTIAL, 2 * TrainingKernels.PARTIAL * numbers.length);
    kernels.activateBackwardRows(
        norms.function,
        norms.mean,
        norms.scale,
        norms.bias,
        x.arrays(),
        x.at(),
        numbers,
        first,
        da,
        daAt,
        step,
        target.factor(),
        target.accumulates(),
        target.rows().arrays(),
        target.rows().at(),
        n,
        partial);
    for (int i = 0; i < numbers.length; i++) {
      sums.add(numbers[i], partial, 2 * i);
    }
  }
}
