package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.kernels.training.BlockProduct;
import io.github.condensenet4j.kernels.training.TrainingKernels;
import io.github.condensenet4j.layers.arithmetic.Excitation;
import io.github.condensenet4j.layers.arithmetic.Matrix;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Squeeze-and-excitation of some images at a time: no image needs anything of another. Their means
 * are taken, go through both products as a panel with a column for each image, and the features are
 * scaled while they are still in the cache.
 *
 * <p>Operation by operation, threads would meet a dozen times in a layer whose work takes them some
 * ten microseconds.
 */
final class FusedExcitation {

  /** Floats of features at once: half of a second-level cache of 1 MiB. */
  private static final int FEATURES = 1 << 17;

  private static final int MEAN = 0;
  private static final int HIDDEN = 1;
  private static final int GATE = 2;
  private static final int PARTIAL = 3;
  private static final int OF_GATE = 4;
  private static final int OF_HIDDEN = 5;
  private static final int DOTS = 6;
  private static final int OF_MEAN = 7;

  private final TrainingKernels kernels;
  private final Crew crew;
  private final Arena arena;
  private final RowPacker packer;
  private final RowOperations rowOperations;
  private final int panel;
  private final int channels;
  private final int hidden;
  private final Dense down;
  private final Dense up;

  FusedExcitation(
      TrainingKernels kernels,
      Crew crew,
      Arena arena,
      RowPacker packer,
      RowOperations rowOperations,
      int channels,
      int hidden) {
    this.kernels = kernels;
    this.crew = crew;
    this.arena = arena;
    this.packer = packer;
    this.rowOperations = rowOperations;
    this.channels = channels;
    this.hidden = hidden;
    panel = kernels.panel();
    down = Dense.of(hidden, channels, panel);
    up = Dense.of(channels, hidden, panel);
  }

  /**
   * A product of all inputs with each output.
   *
   * @param outputs where the outputs of each block of {@code forward} lie
   */
  @SuppressWarnings("ArrayRecordComponent") // a plan, never compared
  private record Dense(BlockProduct forward, BlockProduct backward, int[][] outputs) {

    static Dense of(int out, int in, int panel) {
      int[][] inputs = new int[out][];
      int[][] inputSources = new int[out][];
      for (int o = 0; o < out; o++) {
        int row = o * in;
        inputs[o] = IntStream.range(0, in).toArray();
        inputSources[o] = IntStream.range(row, row + in).toArray();
      }
      int[][] outputs = new int[in][];
      int[][] outputSources = new int[in][];
      for (int i = 0; i < in; i++) {
        int column = i;
        outputs[i] = IntStream.range(0, out).toArray();
        outputSources[i] = IntStream.range(0, out).map(o -> o * in + column).toArray();
      }
      BlockProduct forward =
          BlockProduct.of(
              inputs, inputSources, i -> CacheLines.row(i, panel), o -> CacheLines.row(o, panel));
      BlockProduct backward =
          BlockProduct.of(
              outputs, outputSources, o -> CacheLines.row(o, panel), i -> CacheLines.row(i, panel));
      int[][] at =
          IntStream.range(0, forward.blocks()).mapToObj(forward::outputsOf).toArray(int[][]::new);
      return new Dense(forward, backward, at);
    }

    /** Adds the products of inputs {@code x} and gradients {@code dy} of outputs. */
    void addProducts(
        TrainingKernels kernels,
        float[] x,
        float[] dy,
        int columns,
        float[] dWeights,
        Crew.Hand hand) {
      float[] scratch = hand.buffer(DOTS, TrainingKernels.BLOCK_SCRATCH);
      for (int block = 0; block < outputs.length; block++) {
        kernels.addProducts(forward, block, x, dy, outputs[block], 0, columns, dWeights, scratch);
      }
    }
  }

  /** See {@link io.github.condensenet4j.layers.arithmetic.Arithmetic#excite}. */
  Excitation forward(
      FeatureMatrix x, WeightMatrix downWeight, WeightMatrix upWeight, FeatureMatrix y) {
    Excited excited = new Excited(x, downWeight, upWeight);
    excited.forward(y);
    return excited;
  }

  /** Images at work, and what their gradients follow from. */
  private final class Excited implements Excitation {

    private final FeatureMatrix x;
    private final WeightMatrix downWeight;
    private final WeightMatrix upWeight;
    private final int images;
    private final int pixels;
    private final int atOnce;
    private final FeatureRow means;
    private final FeatureRow activations;
    private final FeatureRow gates;

    Excited(FeatureMatrix x, WeightMatrix downWeight, WeightMatrix upWeight) {
      this.x = x;
      this.downWeight = downWeight;
      this.upWeight = upWeight;
      images = x.extent().images();
      pixels = x.extent().pixels();
      atOnce = (int) Math.max(1, Math.min(panel, FEATURES / ((long) channels * pixels)));
      means = arena.take(channels * images);
      activations = arena.take(hidden * images);
      gates = arena.take(channels * images);
    }

    void forward(FeatureMatrix y) {
      int mark = arena.mark();
      FeatureRow toHidden = packer.gathered(down.forward(), downWeight);
      FeatureRow toGate = packer.gathered(up.forward(), upWeight);
      RowSums[] sums = RowSums.forParts(crew.parts(), channels);
      forEachBatch(
          (first, n, hand) -> {
            float[] mean = panel(hand, MEAN, channels);
            float[] activation = panel(hand, HIDDEN, hidden);
            float[] gate = panel(hand, GATE, channels);
            for (int c = 0; c < channels; c++) {
              FeatureRow row = x.channels()[c];
              int from = row.at + first * pixels;
              CacheLines.fetch(row.array, from, n * pixels);
              kernels.imageSums(row.array, from, pixels, n, mean, CacheLines.row(c, panel));
            }
            divide(mean, channels, pixels);
            kernels.multiply(down.forward(), toHidden.array, toHidden.at, mean, 0, activation, 0);
            relu(activation);
            kernels.multiply(up.forward(), toGate.array, toGate.at, activation, 0, gate, 0);
            sigmoid(gate, n);
            keep(mean, channels, means, first, n);
            keep(activation, hidden, activations, first, n);
            keep(gate, channels, gates, first, n);
            scale(gate, first, n, y, sums[hand.part()], hand);
          });
      RowSums.putMoments(sums, y.channels());
      arena.release(mark);
    }

    /** Writes the features and takes their moments. */
    private void scale(
        float[] gate, int first, int n, FeatureMatrix y, RowSums sums, Crew.Hand hand) {
      float[] partial = hand.buffer(PARTIAL, 2 * TrainingKernels.PARTIAL);
      for (int c = 0; c < channels; c++) {
        FeatureRow from = x.channels()[c];
        FeatureRow to = y.channels()[c];
        int start = to.at + first * pixels;
        kernels.scaleImages(
            from.array,
            from.at + first * pixels,
            gate,
            CacheLines.row(c, panel),
            null,
            0,
            pixels,
            n,
            to.array,
            start);
        int end = start + n * pixels;
        for (int at = start; at < end; at += RowSums.MOST_AT_ONCE) {
          int columns = Math.min(RowSums.MOST_AT_ONCE, end - at);
          sums.addNumbers(kernels, c, to.array, at, columns, partial);
        }
      }
    }

    @Override
    public void backward(Matrix dy, Matrix dDown, Matrix dUp, Matrix dx) {
      int mark = arena.mark();
      FeatureMatrix from = FeatureMatrix.of(dy);
      rowOperations.settle(from);
      FeatureMatrix to = FeatureMatrix.of(dx);
      FeatureRow ofHidden = packer.gathered(up.backward(), upWeight);
      FeatureRow ofMeans = packer.gathered(down.backward(), downWeight);
      float[][] ofDown = new float[crew.threads()][];
      float[][] ofUp = new float[crew.threads()][];
      forEachBatch(
          (first, n, hand) -> {
            int part = hand.part();
            if (ofDown[part] == null) {
              ofDown[part] = new float[down.forward().connections()];
              ofUp[part] = new float[up.forward().connections()];
            }
            float[] mean = kept(means, channels, first, n, MEAN, hand);
            float[] activation = kept(activations, hidden, first, n, HIDDEN, hand);
            float[] gate = kept(gates, channels, first, n, GATE, hand);
            float[] dGate = panel(hand, OF_GATE, channels);
            float[] dActivation = panel(hand, OF_HIDDEN, hidden);
            float[] dMean = panel(hand, OF_MEAN, channels);
            multiplyImages(from, first, n, dGate);
            sigmoidBackward(gate, dGate);
            kernels.multiply(up.backward(), ofHidden.array, ofHidden.at, dGate, 0, dActivation, 0);
            reluBackward(activation, dActivation);
            kernels.multiply(down.backward(), ofMeans.array, ofMeans.at, dActivation, 0, dMean, 0);
            divide(dMean, channels, pixels);
            up.addProducts(kernels, activation, dGate, panel, ofUp[part], hand);
            down.addProducts(kernels, mean, dActivation, panel, ofDown[part], hand);
            scaleBackward(from, gate, dMean, first, n, to);
          });
      packer.addGradients(down.forward(), ofDown, WeightMatrix.of(dDown));
      packer.addGradients(up.forward(), ofUp, WeightMatrix.of(dUp));
      arena.release(mark);
      RowOperations.replaced(to);
    }

    private void multiplyImages(FeatureMatrix dy, int first, int n, float[] products) {
      int column = first * pixels;
      for (int c = 0; c < channels; c++) {
        FeatureRow a = x.channels()[c];
        FeatureRow b = dy.channels()[c];
        int to = CacheLines.row(c, panel);
        CacheLines.fetch(a.array, a.at + column, n * pixels);
        CacheLines.fetch(b.array, b.at + column, n * pixels);
        kernels.imageProducts(
            a.array, a.at + column, b.array, b.at + column, pixels, n, products, to);
      }
    }

    private void scaleBackward(
        FeatureMatrix dy, float[] gate, float[] dMean, int first, int n, FeatureMatrix dx) {
      int column = first * pixels;
      for (int c = 0; c < channels; c++) {
        FeatureRow from = dy.channels()[c];
        FeatureRow to = dx.channels()[c];
        int factors = CacheLines.row(c, panel);
        kernels.scaleImages(
            from.array,
            from.at + column,
            gate,
            factors,
            dMean,
            factors,
            pixels,
            n,
            to.array,
            to.at + column);
      }
    }

    private void forEachBatch(Batch action) {
      crew.share(
          images,
          crew.threads(),
          (from, to, hand) -> {
            for (int first = from; first < to; first += atOnce) {
              action.run(first, Math.min(atOnce, to - first), hand);
            }
          });
    }

    private void keep(float[] numbers, int rows, FeatureRow memory, int first, int n) {
      for (int r = 0; r < rows; r++) {
        int to = memory.at + r * images + first;
        System.arraycopy(numbers, CacheLines.row(r, panel), memory.array, to, n);
      }
    }

    /** Returns a panel of what was kept, and zeros. */
    private float[] kept(FeatureRow memory, int rows, int first, int n, int slot, Crew.Hand hand) {
      float[] numbers = panel(hand, slot, rows);
      for (int r = 0; r < rows; r++) {
        int from = memory.at + r * images + first;
        System.arraycopy(memory.array, from, numbers, CacheLines.row(r, panel), n);
      }
      return numbers;
    }
  }

  /** Some images. */
  private interface Batch {
    void run(int first, int images, Crew.Hand hand);
  }

  /** Returns a panel of zeros. */
  private float[] panel(Crew.Hand hand, int slot, int rows) {
    float[] buffer = hand.buffer(slot, rows * panel);
    Arrays.fill(buffer, 0, CacheLines.row(rows, panel), 0);
    return buffer;
  }

  private void divide(float[] sums, int rows, int divisor) {
    float factor = 1f / divisor;
    for (int i = CacheLines.FIRST; i < CacheLines.row(rows, panel); i++) {
      sums[i] *= factor;
    }
  }

  private void relu(float[] activation) {
    for (int i = CacheLines.FIRST; i < CacheLines.row(hidden, panel); i++) {
      activation[i] = Math.max(0, activation[i]);
    }
  }

  private void reluBackward(float[] activation, float[] gradient) {
    for (int i = CacheLines.FIRST; i < CacheLines.row(hidden, panel); i++) {
      gradient[i] = activation[i] > 0 ? gradient[i] : 0;
    }
  }

  private void sigmoid(float[] gate, int n) {
    for (int c = 0; c < channels; c++) {
      int at = CacheLines.row(c, panel);
      for (int i = at; i < at + n; i++) {
        gate[i] = (float) (1 / (1 + Math.exp(-gate[i])));
      }
    }
  }

  private void sigmoidBackward(float[] gate, float[] gradient) {
    for (int i = CacheLines.FIRST; i < CacheLines.row(channels, panel); i++) {
      gradient[i] *= gate[i] * (1 - gate[i]);
    }
  }
}
