package io.github.condensenet4j.layers.arithmetic;

import java.util.Arrays;

/** {@link Arithmetic#convolve} and its gradients, tile by tile. */
final class PlainConvolution {

  /** From so many pairs of rows on, a matrix product is faster than a pair at a time. */
  private static final int PAIRS_FOR_MATRIX_PRODUCT = 400;

  private final SharedWork work;

  PlainConvolution(SharedWork work) {
    this.work = work;
  }

  /** {@code y = (accumulate ? y : 0) + weight ∗ transform(x)}. */
  void convolve(
      ConvolutionShape shape,
      Extent extent,
      RowMatrix x,
      Transform transform,
      RowMatrix weight,
      RowMatrix y,
      boolean accumulate) {
    SparseRows[] weights = byGroup(shape, weight);
    Patches patches = Patches.of(shape, extent);
    work.forEach(
        y.tiles().count(),
        (tile, worker) -> {
          int n = y.tiles().length(tile);
          int rows = shape.outChannelsPerGroup();
          for (int g = 0; g < shape.groups(); g++) {
            float[][] operand = operand(shape, x, transform, patches, g, y.tiles(), tile, worker);
            weights[g].multiply(operand, y.arraysOf(tile, g * rows, rows), n, accumulate);
          }
        });
  }

  private static SparseRows[] byGroup(ConvolutionShape shape, RowMatrix weight) {
    SparseRows[] weights = new SparseRows[shape.groups()];
    int rows = shape.outChannelsPerGroup();
    Arrays.setAll(weights, g -> SparseRows.of(weight, g * rows, rows));
    return weights;
  }

  /**
   * Returns what the weights of group {@code g} are multiplied with to give output {@code tile}.
   */
  private float[][] operand(
      ConvolutionShape shape,
      RowMatrix x,
      Transform transform,
      Patches patches,
      int g,
      Tiles outputTiles,
      int tile,
      Worker worker) {
    int channels = shape.inChannelsPerGroup();
    if (shape.isPointwise()) {
      float[][] values = x.arraysOf(tile, g * channels, channels);
      if (transform == null) {
        return values;
      }
      int n = outputTiles.length(tile);
      float[][] activated = worker.scratch(channels, n);
      int column = x.tiles().firstColumn(tile);
      for (int c = 0; c < channels; c++) {
        RowTransform.apply(values[c], transform, g * channels + c, activated[c], n, column);
      }
      return Arrays.copyOf(activated, channels);
    }
    int images = outputTiles.images(tile);
    int first = outputTiles.firstImage(tile);
    int length = images * x.tiles().extent().pixels();
    int rows = shape.weightsPerOutput();
    float[][] memory = worker.scratch(1 + rows, Math.max(length, outputTiles.length(tile)));
    int taps = shape.kernel() * shape.kernel();
    for (int c = 0; c < channels; c++) {
      int channel = g * channels + c;
      x.gatherImages(channel, first, images, memory[0]);
      if (transform != null) {
        int column = first * x.tiles().extent().pixels();
        RowTransform.apply(memory[0], transform, channel, memory[0], length, column);
      }
      for (int tap = 0; tap < taps; tap++) {
        patches.shift(memory[0], images, tap, memory[1 + c * taps + tap]);
      }
    }
    return Arrays.copyOfRange(memory, 1, 1 + rows);
  }

  /** {@code dWeight = dWeight + dy ∗ transform(x)}. */
  void weightGradient(
      ConvolutionShape shape,
      Extent extent,
      RowMatrix x,
      Transform transform,
      RowMatrix weight,
      RowMatrix dy,
      RowMatrix dWeight) {
    Patches patches = Patches.of(shape, extent);
    int rows = shape.outChannelsPerGroup();
    // Each thread sums its own tiles; the sums are then added in the order of the threads.
    double[][][] ofParts = new double[work.parts()][][];
    work.forEach(
        dy.tiles().count(),
        (tile, worker) -> {
          if (ofParts[worker.part()] == null) {
            ofParts[worker.part()] = new double[dWeight.rows()][dWeight.columns()];
          }
          int n = dy.tiles().length(tile);
          for (int g = 0; g < shape.groups(); g++) {
            float[][] operand = operand(shape, x, transform, patches, g, dy.tiles(), tile, worker);
            float[][] gradients = dy.arraysOf(tile, g * rows, rows);
            double[][] target =
                Arrays.copyOfRange(ofParts[worker.part()], g * rows, (g + 1) * rows);
            boolean[][] kept =
                weight.kept() == null
                    ? null
                    : Arrays.copyOfRange(weight.kept(), g * rows, (g + 1) * rows);
            if (rows * operand.length >= PAIRS_FOR_MATRIX_PRODUCT) {
              addProducts(worker.product().of(gradients, operand, n), target);
            } else {
              addProducts(gradients, operand, kept, n, worker.sums(), target);
            }
          }
        });
    for (int r = 0; r < dWeight.rows(); r++) {
      float[] target = dWeight.arrays()[r][0];
      for (int c = 0; c < target.length; c++) {
        double sum = target[c];
        for (double[][] ofPart : ofParts) {
          sum += ofPart == null ? 0 : ofPart[r][c];
        }
        target[c] = (float) sum;
      }
    }
  }

  private static void addProducts(float[] products, double[][] target) {
    int i = 0;
    for (double[] row : target) {
      for (int c = 0; c < row.length; c++) {
        row[c] += products[i++];
      }
    }
  }

  private static void addProducts(
      float[][] x, float[][] y, boolean[][] kept, int n, Sums sums, double[][] target) {
    for (int r = 0; r < x.length; r++) {
      for (int c = 0; c < y.length; c++) {
        if (kept == null || kept[r][c]) {
          target[r][c] += sums.dot(x[r], y[c], n);
        }
      }
    }
  }

  /** Writes the gradient of what the weights were multiplied with to {@code dz}. */
  void inputGradient(
      ConvolutionShape shape, Extent extent, RowMatrix weight, RowMatrix dy, RowMatrix dz) {
    if (shape.isPointwise()) {
      pointwiseInputGradient(shape, weight, dy, dz);
    } else {
      spatialInputGradient(shape, extent, weight, dy, dz);
    }
  }

  private void pointwiseInputGradient(
      ConvolutionShape shape, RowMatrix weight, RowMatrix dy, RowMatrix dz) {
    int in = shape.inChannelsPerGroup();
    int out = shape.outChannelsPerGroup();
    SparseRows[] weights = byGroup(shape, weight);
    Arrays.setAll(weights, g -> weights[g].transpose(in));
    work.forEach(
        dy.tiles().count(),
        (tile, worker) -> {
          for (int g = 0; g < weights.length; g++) {
            weights[g].multiply(
                dy.arraysOf(tile, g * out, out),
                dz.arraysOf(tile, g * in, in),
                dy.tiles().length(tile),
                false);
          }
        });
  }

  private void spatialInputGradient(
      ConvolutionShape shape, Extent extent, RowMatrix weight, RowMatrix dy, RowMatrix dz) {
    int in = shape.inChannelsPerGroup();
    int out = shape.outChannelsPerGroup();
    int taps = shape.kernel() * shape.kernel();
    Patches spread = Patches.transposed(shape, extent);
    SparseRows[] weights = new SparseRows[shape.groups()];
    Arrays.setAll(weights, g -> transposedKernels(shape, weight, g));
    work.forEach(
        dz.tiles().count(),
        (tile, worker) -> {
          int images = dz.tiles().images(tile);
          int first = dz.tiles().firstImage(tile);
          int length = images * dy.tiles().extent().pixels();
          float[][] memory =
              worker.scratch(1 + out * taps, Math.max(length, dz.tiles().length(tile)));
          for (int g = 0; g < weights.length; g++) {
            for (int r = 0; r < out; r++) {
              dy.gatherImages(g * out + r, first, images, memory[0]);
              for (int tap = 0; tap < taps; tap++) {
                spread.shift(memory[0], images, tap, memory[1 + r * taps + tap]);
              }
            }
            weights[g].multiply(
                Arrays.copyOfRange(memory, 1, 1 + out * taps),
                dz.arraysOf(tile, g * in, in),
                dz.tiles().length(tile),
                false);
          }
        });
  }

  /**
   * Returns the weights by input: {@code [in][out · taps]}, taps as {@link Patches} spreads them.
   */
  private static SparseRows transposedKernels(ConvolutionShape shape, RowMatrix weight, int g) {
    int in = shape.inChannelsPerGroup();
    int out = shape.outChannelsPerGroup();
    int taps = shape.kernel() * shape.kernel();
    int[][] columns = new int[in][out * taps];
    float[][] values = new float[in][out * taps];
    for (int c = 0; c < in; c++) {
      for (int r = 0; r < out; r++) {
        for (int tap = 0; tap < taps; tap++) {
          columns[c][r * taps + tap] = r * taps + tap;
          values[c][r * taps + tap] = weight.arrays()[g * out + r][0][c * taps + tap];
        }
      }
    }
    return new SparseRows(columns, values);
  }
}
