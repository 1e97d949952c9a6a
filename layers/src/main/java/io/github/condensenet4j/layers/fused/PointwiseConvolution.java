package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.kernels.training.Activation;
import io.github.condensenet4j.kernels.training.BlockProduct;
import io.github.condensenet4j.kernels.training.TrainingKernels;
import io.github.condensenet4j.layers.arithmetic.GradientTarget;
import java.util.Arrays;

/**
 * A 1×1 convolution with what stands before it, tile by tile of columns.
 *
 * <p>Forward, a tile of the inputs is normalised and activated while it is packed, multiplied, and
 * unpacked to where the outputs live, where mean and variance are taken at once. Backward, the
 * activated inputs are made anew instead of having been stored; a tile's gradients go through the
 * transposed product, the activation and the sums of the normalisation while they are in the cache.
 */
final class PointwiseConvolution {

  /** Floats of a tile's panels: half of a second-level cache of 1 MiB. */
  private static final int TILE_FLOATS = 1 << 17;

  private static final int LONGEST_TILE = 1024;

  /** From so many weights on, putting them in order is worth sharing. */
  private static final int MANY_CONNECTIONS = 1 << 13;

  private static final int PACKED = 0;
  private static final int PRODUCT = 1;
  private static final int BUNDLE = 2;
  private static final int PARTIAL = 3;
  private static final int DOTS = 6;
  private static final int FEW = 4;

  private final TrainingKernels kernels;
  private final Crew crew;
  private final Arena arena;
  private final RowOperations rowOperations;
  private final int panel;

  PointwiseConvolution(
      TrainingKernels kernels, Crew crew, Arena arena, RowOperations rowOperations) {
    this.kernels = kernels;
    this.crew = crew;
    this.arena = arena;
    this.rowOperations = rowOperations;
    panel = kernels.panel();
  }

  private int panels(int columns) {
    return (columns + panel - 1) / panel;
  }

  /** Returns the columns of a tile, whole panels, such that every thread has one. */
  private int tileColumns(int rows, int columns) {
    int fitting = Math.min(LONGEST_TILE, TILE_FLOATS / Math.max(1, rows));
    int share = panels(columns) / crew.threads() * panel;
    return Math.max(panel, Math.min(fitting, share) / panel * panel);
  }

  private FeatureRow gathered(BlockProduct product, WeightMatrix weight) {
    FeatureRow gathered = arena.take(product.connections());
    if (product.connections() < MANY_CONNECTIONS) {
      product.gather(weight.values(), weight.at(), gathered.array, gathered.at);
      return gathered;
    }
    crew.share(
        product.blocks(),
        (from, to, hand) ->
            product.gather(weight.values(), weight.at(), gathered.array, gathered.at, from, to));
    return gathered;
  }

  /**
   * {@code y = base + weight · transform(x)}; {@code base} may be null, or {@code y}, which then
   * stays as it is where nothing is connected.
   */
  void forward(
      Connections connections,
      FeatureMatrix x,
      RowNorms norms,
      WeightMatrix weight,
      FeatureMatrix base,
      FeatureMatrix y) {
    boolean inPlace = base != null && base.channels() == y.channels();
    if (inPlace && connections.adding() != null) {
      add(connections, x, norms, weight, y);
      return;
    }
    int in = x.rows();
    int out = y.rows();
    int columns = x.columns();
    int mark = arena.mark();
    FeatureRow weights = gathered(connections.forward(), weight);
    int[] written = inPlace ? connections.usedOutputs() : connections.allOutputs();
    int tile = tileColumns(in + out, columns);
    RowSums[] sums = RowSums.forParts(crew.parts(), out);
    crew.share(
        (columns + tile - 1) / tile,
        (from, to, hand) -> {
          float[] packed = hand.buffer(PACKED, in * tile);
          float[] product = hand.buffer(PRODUCT, out * tile);
          float[] partial = hand.buffer(PARTIAL, 2 * TrainingKernels.PARTIAL);
          for (int t = from; t < to; t++) {
            int first = t * tile;
            int n = Math.min(tile, columns - first);
            for (int row : connections.usedInputs()) {
              pack(x.channels()[row], norms, row, first, n, packed, row * panel, in * panel);
            }
            multiply(connections.forward(), weights, packed, 0, in * panel, product, out, n);
            for (int row : written) {
              FeatureRow added = base == null ? null : base.channels()[row];
              FeatureRow target = y.channels()[row];
              kernels.unpack(
                  product,
                  row * panel,
                  out * panel,
                  added == null ? null : added.array,
                  added == null ? 0 : added.at + first,
                  target.array,
                  target.at + first,
                  n,
                  partial);
              sums[hand.part()].addShifted(row, n, target.array[target.at + first], partial);
            }
          }
        });
    RowSums.putMoments(sums, y.channels());
    arena.release(mark);
  }

  /** {@code y = y + weight · transform(x)} where the inputs are few. */
  private void add(
      Connections connections,
      FeatureMatrix x,
      RowNorms norms,
      WeightMatrix weight,
      FeatureMatrix y) {
    int columns = x.columns();
    int mark = arena.mark();
    FeatureRow weights = gathered(connections.adding(), weight);
    RowArrays outputs = RowArrays.of(y);
    int share = panels(columns) / crew.threads() * panel;
    int chunk = Math.max(panel, Math.min(connections.fewColumns(), share));
    RowSums[] sums = RowSums.forParts(crew.parts(), y.rows());
    crew.share(
        (columns + chunk - 1) / chunk,
        (from, to, hand) -> {
          float[] partial = hand.buffer(PARTIAL, 2 * TrainingKernels.PARTIAL);
          for (int c = from; c < to; c++) {
            int first = c * chunk;
            int n = Math.min(chunk, columns - first);
            float[] few = packFew(connections, x, norms, first, n, hand);
            for (int block = 0; block < connections.adding().blocks(); block++) {
              addBlock(connections, block, weights, few, outputs, first, n);
              // While they are in the first-level cache.
              for (int row : connections.adding().outputsOf(block)) {
                FeatureRow made = y.channels()[row];
                kernels.shiftedSums(made.array, made.at + first, n, partial);
                sums[hand.part()].addShifted(row, n, made.array[made.at + first], partial);
              }
            }
          }
        });
    RowSums.putMoments(sums, y.channels());
    arena.release(mark);
  }

  private void addBlock(
      Connections connections,
      int block,
      FeatureRow weights,
      float[] few,
      RowArrays outputs,
      int first,
      int n) {
    kernels.addBlock(
        connections.adding(),
        block,
        weights.array,
        weights.at,
        few,
        0,
        outputs.arrays(),
        outputs.at(),
        first,
        n);
  }

  private void pack(
      FeatureRow row,
      RowNorms norms,
      int number,
      int first,
      int n,
      float[] packed,
      int at,
      int step) {
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

  private void copy(FeatureRow row, int first, int n, float[] packed, int at, int step) {
    kernels.pack(Activation.IDENTITY, 0, 1, 0, row.array, row.at + first, n, packed, at, step);
  }

  private void multiply(
      BlockProduct product,
      FeatureRow weights,
      float[] packed,
      int packedAt,
      int packedStep,
      float[] result,
      int out,
      int n) {
    for (int p = 0; p < panels(n); p++) {
      kernels.multiply(
          product,
          weights.array,
          weights.at,
          packed,
          packedAt + p * packedStep,
          result,
          p * out * panel);
    }
  }

  /**
   * Adds the weight's gradient to {@code dWeight}; that of the normalised inputs goes to {@code
   * target}.
   *
   * @param sum what the outputs have been added to, and are taken off again, if the inputs are the
   *     few; or null
   * @return the sums of the gradient of the normalised inputs
   */
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
    FeatureRow weights = gathered(connections.backward(), weight);
    FeatureRow opposite = sum == null ? null : opposite(connections, weight);
    RowArrays features = sum == null ? null : RowArrays.of(sum);
    int tile = tileColumns(x.rows() + dy.rows(), columns);
    int share = Math.max(tile, panels(columns) / crew.threads() * panel);
    int chunk = Math.max(tile, Math.min(connections.fewColumns(), share) / tile * tile);
    RowSums[] sums = RowSums.forParts(crew.parts(), x.rows());
    float[][] products = new float[crew.parts()][];
    FeatureRow[] owing = RowOperations.owing(dy, connections.usedOutputs());
    crew.share(
        (columns + chunk - 1) / chunk,
        (from, to, hand) -> {
          float[] ofWeights = new float[connections.gradient().sumsLength()];
          products[hand.part()] = ofWeights;
          for (int c = from; c < to; c++) {
            int first = c * chunk;
            int n = Math.min(chunk, columns - first);
            if (sum == null) {
              for (FeatureRow row : owing) {
                rowOperations.pay(row, first, n);
              }
            }
            float[] packed =
                connections.outputsAreFew()
                    ? copyFew(connections, dy, first, n, hand)
                    : packFew(connections, x, norms, first, n, hand);
            if (sum != null) {
              takeOff(connections, opposite, packed, dy, features, first, n);
            }
            addWeightGradient(connections, x, norms, dy, first, n, chunk, packed, hand, ofWeights);
            for (int done = 0; done < n; done += tile) {
              inputGradient(
                  connections,
                  weights,
                  x,
                  norms,
                  dy,
                  target,
                  first + done,
                  Math.min(tile, n - done),
                  packed,
                  done,
                  hand,
                  sums[hand.part()]);
            }
          }
        });
    GradientBlocks gradient = connections.gradient();
    crew.share(
        gradient.sumsLength(),
        (from, to, hand) -> gradient.addTo(dWeight.values(), dWeight.at(), products, from, to));
    arena.release(mark);
    RowOperations.markPaid(owing);
    RowOperations.written(target);
    if (sum != null) {
      RowOperations.changed(sum);
    }
    return RowSums.ofGradients(sums, norms);
  }

  /** Returns the weights of {@link Connections#adding} times −1. */
  private FeatureRow opposite(Connections connections, WeightMatrix weight) {
    FeatureRow opposite = gathered(connections.adding(), weight);
    for (int i = 0; i < connections.adding().connections(); i++) {
      opposite.array[opposite.at + i] = -opposite.array[opposite.at + i];
    }
    return opposite;
  }

  /**
   * Takes the products off their sum. What its gradient {@code dy} owes is reckoned from the sum as
   * it is, so it is paid before.
   */
  private void takeOff(
      Connections connections,
      FeatureRow opposite,
      float[] few,
      FeatureMatrix dy,
      RowArrays sum,
      int first,
      int n) {
    for (int block = 0; block < connections.adding().blocks(); block++) {
      for (int row : connections.adding().outputsOf(block)) {
        FeatureRow gradient = dy.channels()[row];
        if (gradient.debt() != null) {
          rowOperations.pay(gradient, first, n);
        }
      }
      addBlock(connections, block, opposite, few, sum, first, n);
    }
  }

  /** Returns the outputs' gradients, which are few, each row in one piece. */
  private float[] copyFew(
      Connections connections, FeatureMatrix dy, int first, int n, Crew.Hand hand) {
    int pitch = connections.fewPitch();
    float[] few = hand.buffer(FEW, dy.rows() * pitch);
    for (int row = 0; row < dy.rows(); row++) {
      copy(dy.channels()[row], first, n, few, row * pitch, panel);
    }
    return few;
  }

  /** Returns the activated inputs, which are few, each row in one piece. */
  private float[] packFew(
      Connections connections, FeatureMatrix x, RowNorms norms, int first, int n, Crew.Hand hand) {
    int pitch = connections.fewPitch();
    float[] few = hand.buffer(FEW, x.rows() * pitch);
    for (int row = 0; row < x.rows(); row++) {
      pack(x.channels()[row], norms, row, first, n, few, row * pitch, panel);
    }
    return few;
  }

  private void addWeightGradient(
      Connections connections,
      FeatureMatrix x,
      RowNorms norms,
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
    Arrays.setAll(bundleAt, a -> a * pitch);
    int[] inPlace = new int[size];
    for (int q = 0; q < blocks.bundles(); q++) {
      float[] rows = bundle;
      int[] rowsAt = bundleAt;
      if (connections.outputsAreFew()) {
        for (int a = 0; a < size; a++) {
          int row = blocks.many(q, a);
          pack(x.channels()[row], norms, row, first, n, bundle, bundleAt[a], panel);
        }
      } else if (n % panel == 0 && sharesArray(blocks, q, dy)) {
        rows = dy.channels()[blocks.many(q, 0)].array;
        rowsAt = inPlace;
        for (int a = 0; a < size; a++) {
          rowsAt[a] = dy.channels()[blocks.many(q, a)].at + first;
        }
      } else {
        for (int a = 0; a < size; a++) {
          copy(dy.channels()[blocks.many(q, a)], first, n, bundle, bundleAt[a], panel);
        }
      }
      blocks.multiply(
          kernels,
          q,
          rows,
          rowsAt,
          0,
          few,
          panels(n) * panel,
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
      FeatureMatrix x,
      RowNorms norms,
      FeatureMatrix dy,
      GradientTarget target,
      int first,
      int n,
      float[] few,
      int fewAt,
      Crew.Hand hand,
      RowSums sums) {
    int in = x.rows();
    int out = dy.rows();
    float[] source = few;
    int sourceAt = fewAt;
    int sourceStep = panel;
    if (!connections.outputsAreFew()) {
      source = hand.buffer(PACKED, out * panels(n) * panel);
      sourceAt = 0;
      sourceStep = out * panel;
      for (int row : connections.usedOutputs()) {
        copy(dy.channels()[row], first, n, source, row * panel, out * panel);
      }
    }
    float[] da = hand.buffer(PRODUCT, in * panels(n) * panel);
    multiply(connections.backward(), weights, source, sourceAt, sourceStep, da, in, n);
    float[] partial = hand.buffer(PARTIAL, 2 * TrainingKernels.PARTIAL);
    // Without a connection there is nothing to add, but zeros may be to write.
    int[] rows = target.accumulates() ? connections.usedInputs() : connections.allInputs();
    for (int row : rows) {
      norms.drop(row, first, da, row * panel, in * panel, n, panel);
      FeatureRow input = x.channels()[row];
      FeatureRow dx = FeatureMatrix.of(target.dx()).channels()[row];
      kernels.activateBackward(
          norms.function,
          norms.mean[row],
          norms.scale[row],
          norms.bias[row],
          input.array,
          input.at + first,
          da,
          row * panel,
          in * panel,
          target.factor(row),
          target.accumulates(),
          dx.array,
          dx.at + first,
          n,
          partial);
      sums.add(row, partial);
    }
  }
}
