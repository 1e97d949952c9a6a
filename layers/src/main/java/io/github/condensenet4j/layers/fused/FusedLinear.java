package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.kernels.training.BlockProduct;
import io.github.condensenet4j.kernels.training.TrainingKernels;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The products of a linear layer, {@code y = x · w + b}, with the kernels of training.
 *
 * <p>A weight {@code [in, out]} as Deeplearning4j stores it has the weights of an output side by
 * side, so its outputs are rows of {@code in} columns and so are the images of a batch: the layer
 * is a 1×1 convolution whose columns are features. Some outputs at a time are read from the
 * parameter once, and are multiplied with all images while they are in the cache.
 *
 * <p>Not safe for use by several threads at once; the work is shared by the layers' threads.
 */
public final class FusedLinear {

  /** Outputs that are read together. */
  private static final int BUNDLE = 32;

  private static final int WEIGHTS = 0;
  private static final int MADE = 1;
  private static final int GATHERED = 2;
  private static final int SCRATCH = 3;
  private static final int VALUES = 4;

  private final TrainingKernels kernels;
  private final Crew crew = new Crew();
  private Plan plan;
  private float[] few = {};
  private float[] perImage = {};
  private float[] sums = {};

  /** Creates the products of one layer on {@code kernels}. */
  public FusedLinear(TrainingKernels kernels) {
    this.kernels = kernels;
  }

  /** What the sizes of a batch and a layer decide. */
  private static final class Plan {

    private final int images;
    private final int in;
    private final int out;

    /** Columns of a row that kernels see: whole panels. */
    private final int columns;

    private final int pitch;

    /** Where the rows of images begin, and those of a bundle. */
    private final int[] rowsAt;

    /** From the images to the outputs; the weights of the product are {@code [images, out]}. */
    private final BlockProduct toOutputs;

    private final List<RowBundle> bundles;

    /** From the outputs of each bundle to the images. */
    private final List<BlockProduct> toImages;

    Plan(int images, int in, int out, int panel) {
      this.images = images;
      this.in = in;
      this.out = out;
      columns = (in + panel - 1) / panel * panel;
      // Rows of a power of two would compete for the same lines of the cache.
      pitch = columns + panel;
      rowsAt =
          IntStream.range(0, Math.max(images, BUNDLE))
              .map(row -> CacheLines.row(row, pitch))
              .toArray();
      int[][] inputs = new int[out][];
      int[][] sources = new int[out][];
      int[] all = IntStream.range(0, images).toArray();
      for (int o = 0; o < out; o++) {
        int output = o;
        inputs[o] = all;
        sources[o] = IntStream.range(0, images).map(n -> n * out + output).toArray();
      }
      toOutputs = BlockProduct.of(inputs, sources, n -> CacheLines.row(n, pitch), o -> o);
      bundles = RowBundle.of(toOutputs, BUNDLE);
      toImages =
          bundles.stream().map(bundle -> bundle.toFew(inputs, sources, images, pitch)).toList();
    }

    boolean suits(int images, int in, int out) {
      return this.images == images && this.in == in && this.out == out;
    }
  }

  /** Tells whether the weights of an output lie side by side in {@code weight [in, out]}. */
  public static boolean suits(INDArray weight) {
    return weight.rank() == 2 && NativeTransfer.isInOrder(weight.transpose());
  }

  /**
   * {@code y = x · w + b}.
   *
   * @param x {@code [N, in]}
   * @param weight {@code [in, out]}, one that {@link #suits}
   * @param bias {@code [1, out]}
   * @param y {@code [N, out]}
   */
  public void forward(INDArray x, INDArray weight, INDArray bias, INDArray y) {
    crew.begin();
    read(x, weight);
    int out = plan.out;
    perImage = atLeast(perImage, plan.images * out);
    NativeTransfer.load(bias, perImage, 0, crew);
    for (int n = 1; n < plan.images; n++) {
      System.arraycopy(perImage, 0, perImage, n * out, out);
    }
    sums = atLeast(sums, plan.toOutputs.connections());
    Arrays.fill(sums, 0, plan.toOutputs.connections(), 0);
    float[][] once = {sums};
    crew.share(
        plan.bundles.size(),
        (from, to, hand) -> {
          float[] scratch = hand.buffer(SCRATCH, TrainingKernels.BLOCK_SCRATCH);
          for (int b = from; b < to; b++) {
            RowBundle bundle = plan.bundles.get(b);
            float[] rows = readBundle(weight, bundle, hand);
            int slot = 0;
            for (int block = bundle.firstBlock(); block < bundle.endBlock(); block++) {
              kernels.addProducts(
                  plan.toOutputs, block, few, rows, plan.rowsAt, slot, plan.columns, sums, scratch);
              slot += plan.toOutputs.outputsOf(block).length;
            }
            plan.toOutputs.addTo(perImage, 0, once, 1, bundle.firstBlock(), bundle.endBlock());
          }
        });
    NativeTransfer.store(perImage, 0, y, crew);
  }

  /**
   * The gradients of {@link #forward}.
   *
   * @param dy gradient for {@code y}
   * @param dWeight becomes the gradient for {@code weight}, laid out as that is
   * @param dBias becomes the gradient for {@code bias}
   * @param dx becomes the gradient for {@code x}, {@code [N, in]}
   */
  public void backward(
      INDArray x, INDArray weight, INDArray dy, INDArray dWeight, INDArray dBias, INDArray dx) {
    crew.begin();
    read(x, weight);
    perImage = atLeast(perImage, plan.images * plan.out);
    NativeTransfer.load(dy, perImage, 0, crew);
    storeSums(dBias);
    sums = atLeast(sums, plan.toOutputs.connections());
    plan.toOutputs.gather(perImage, 0, sums, 0);
    int length = plan.images * plan.pitch + CacheLines.FIRST;
    float[][] parts = new float[crew.parts()][];
    crew.share(
        plan.bundles.size(),
        crew.parts(length),
        (from, to, hand) -> {
          float[] ofImages = new float[length];
          parts[hand.part()] = ofImages;
          for (int b = from; b < to; b++) {
            addBundle(b, readBundle(weight, plan.bundles.get(b), hand), ofImages, hand);
            writeBundle(plan.bundles.get(b), dWeight, hand);
          }
        });
    storeTotals(parts, dx);
  }

  private void read(INDArray x, INDArray weight) {
    int images = Math.toIntExact(x.size(0));
    int in = Math.toIntExact(weight.size(0));
    int out = Math.toIntExact(weight.size(1));
    if (plan == null || !plan.suits(images, in, out)) {
      plan = new Plan(images, in, out, kernels.panel());
    }
    few = atLeast(few, CacheLines.FIRST + images * plan.pitch);
    perImage = atLeast(perImage, images * in);
    NativeTransfer.load(x, perImage, 0, crew);
    for (int n = 0; n < images; n++) {
      int at = plan.rowsAt[n];
      System.arraycopy(perImage, n * in, few, at, in);
      Arrays.fill(few, at + in, at + plan.columns, 0);
    }
  }

  private static float[] atLeast(float[] array, int length) {
    return array.length < length ? new float[length] : array;
  }

  private float[] readBundle(INDArray weight, RowBundle bundle, Crew.Hand hand) {
    int count = bundle.rows().length;
    float[] values = hand.buffer(VALUES, BUNDLE * plan.in);
    // All outputs have the same inputs, so those of a bundle follow each other.
    NativeTransfer.load(weight, (long) bundle.rows()[0] * plan.in, count * plan.in, values, 0);
    float[] rows = hand.buffer(WEIGHTS, BUNDLE * plan.pitch);
    for (int slot = 0; slot < count; slot++) {
      int at = plan.rowsAt[slot];
      System.arraycopy(values, slot * plan.in, rows, at, plan.in);
      Arrays.fill(rows, at + plan.in, at + plan.columns, 0);
    }
    return rows;
  }

  /** Adds what a bundle's outputs contribute to the gradients of the images. */
  private void addBundle(int number, float[] rows, float[] ofImages, Crew.Hand hand) {
    BlockProduct product = plan.toImages.get(number);
    float[] weights = hand.buffer(GATHERED, product.connections());
    product.gather(perImage, 0, weights, 0);
    float[][] arrays = new float[plan.images][];
    Arrays.fill(arrays, ofImages);
    for (int block = 0; block < product.blocks(); block++) {
      kernels.addBlock(product, block, weights, 0, rows, 0, arrays, plan.rowsAt, 0, plan.columns);
    }
  }

  /** Makes the gradients of a bundle's weights. */
  private void writeBundle(RowBundle bundle, INDArray dWeight, Crew.Hand hand) {
    int count = bundle.rows().length;
    float[] made = hand.buffer(MADE, BUNDLE * plan.pitch);
    int slot = 0;
    for (int block = bundle.firstBlock(); block < bundle.endBlock(); block++) {
      int outputs = plan.toOutputs.outputsOf(block).length;
      int[] rowsAt = Arrays.copyOfRange(plan.rowsAt, slot, slot + outputs);
      kernels.multiplyRows(plan.toOutputs, block, sums, 0, few, made, rowsAt, plan.columns);
      slot += outputs;
    }
    float[] values = hand.buffer(VALUES, BUNDLE * plan.in);
    for (int row = 0; row < count; row++) {
      System.arraycopy(made, plan.rowsAt[row], values, row * plan.in, plan.in);
    }
    NativeTransfer.store(values, 0, dWeight, (long) bundle.rows()[0] * plan.in, count * plan.in);
  }

  private void storeSums(INDArray dBias) {
    float[] total = new float[plan.out];
    for (int n = 0; n < plan.images; n++) {
      for (int o = 0; o < plan.out; o++) {
        total[o] += perImage[n * plan.out + o];
      }
    }
    NativeTransfer.store(total, 0, dBias, crew);
  }

  private void storeTotals(float[][] parts, INDArray dx) {
    float[] total = new float[plan.images * plan.in];
    for (float[] part : parts) {
      for (int n = 0; part != null && n < plan.images; n++) {
        int at = plan.rowsAt[n];
        int to = n * plan.in;
        for (int i = 0; i < plan.in; i++) {
          total[to + i] += part[at + i];
        }
      }
    }
    NativeTransfer.store(total, 0, dx, crew);
  }
}
