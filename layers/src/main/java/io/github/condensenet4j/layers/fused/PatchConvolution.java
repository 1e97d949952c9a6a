package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.kernels.training.BlockProduct;
import io.github.condensenet4j.kernels.training.TrainingKernels;
import io.github.condensenet4j.layers.arithmetic.ConvolutionShape;
import io.github.condensenet4j.layers.arithmetic.Extent;
import io.github.condensenet4j.layers.arithmetic.GradientTarget;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A convolution of any stride and padding, image by image: each tap of the kernel becomes a row of
 * the pixels that it meets, and the convolution a product with these rows.
 */
final class PatchConvolution {

  private static final int PATCHES = 0;
  private static final int PRODUCT = 1;
  private static final int OUTPUT = 2;
  private static final int PARTIAL = 3;
  private static final int DOTS = 6;
  private static final int PIXELS = 4;
  private static final int APART = 5;

  private final TrainingKernels kernels;
  private final Crew crew;
  private final Arena arena;
  private final RowPacker packer;
  private final ConvolutionShape shape;
  private final Extent extent;
  private final Extent outExtent;
  private final int in;
  private final int out;
  private final int taps;
  private final int pitch;
  private final int widthApart;
  private final BlockProduct forward;
  private final BlockProduct backward;
  private final GradientBlocks gradient;

  PatchConvolution(
      TrainingKernels kernels,
      Crew crew,
      Arena arena,
      RowPacker packer,
      ConvolutionShape shape,
      Extent extent) {
    this.kernels = kernels;
    this.crew = crew;
    this.arena = arena;
    this.packer = packer;
    this.shape = shape;
    this.extent = extent;
    outExtent = shape.output(extent);
    in = shape.inChannelsPerGroup();
    out = shape.outChannelsPerGroup();
    taps = shape.kernel() * shape.kernel();
    int panel = kernels.panel();
    pitch = (outExtent.pixels() + panel - 1) / panel * panel;
    widthApart = (extent.width() + shape.stride() - 1) / shape.stride();
    int depth = in * taps;
    int[][] inputs = new int[out][];
    int[][] sources = new int[out][];
    for (int o = 0; o < out; o++) {
      int row = o * depth;
      inputs[o] = IntStream.range(0, depth).toArray();
      sources[o] = IntStream.range(0, depth).map(k -> row + k).toArray();
    }
    int[][] outputs = new int[depth][];
    int[][] outputSources = new int[depth][];
    for (int k = 0; k < depth; k++) {
      int column = k;
      outputs[k] = IntStream.range(0, out).toArray();
      outputSources[k] = IntStream.range(0, out).map(o -> o * depth + column).toArray();
    }
    forward = BlockProduct.of(inputs, sources, k -> k * pitch, o -> o * pitch);
    backward = BlockProduct.of(outputs, outputSources, o -> o * pitch, k -> k * pitch);
    gradient = GradientBlocks.of(inputs, sources, o -> o * pitch);
  }

  /** {@code y = weight ∗ transform(x)}. */
  void forward(FeatureMatrix x, RowNorms norms, WeightMatrix weight, FeatureMatrix y) {
    int mark = arena.mark();
    FeatureRow[] weights = packer.gathered(forward, weight, shape);
    RowSums[] sums = RowSums.forParts(crew.parts(), y.rows());
    int n = outExtent.pixels();
    crew.share(
        extent.images(),
        (from, to, hand) -> {
          float[] patches = hand.buffer(PATCHES, in * taps * pitch);
          float[] product = hand.buffer(PRODUCT, out * pitch);
          float[] partial = hand.buffer(PARTIAL, 2 * TrainingKernels.PARTIAL);
          for (int image = from; image < to; image++) {
            for (int g = 0; g < shape.groups(); g++) {
              fillPatches(x, norms, g, image, patches, hand);
              multiply(forward, weights[g], patches, product);
              for (int o = 0; o < out; o++) {
                FeatureRow row = y.channels()[g * out + o];
                int at = row.at + image * n;
                kernels.unpack(
                    product, o * pitch, kernels.panel(), null, 0, row.array, at, n, partial);
                sums[hand.part()].addShifted(g * out + o, n, row.array[at], partial);
              }
            }
          }
        });
    RowSums.putMoments(sums, y.channels());
    arena.release(mark);
  }

  private void multiply(BlockProduct product, FeatureRow weights, float[] x, float[] y) {
    for (int at = 0; at < pitch; at += kernels.panel()) {
      kernels.multiply(product, weights.array, weights.at, x, at, y, at);
    }
  }

  private void fillPatches(
      FeatureMatrix x, RowNorms norms, int g, int image, float[] patches, Crew.Hand hand) {
    int panel = kernels.panel();
    int n = extent.pixels();
    float[] pixels = hand.buffer(PIXELS, n + panel);
    for (int i = 0; i < in; i++) {
      int c = g * in + i;
      packer.pack(x.channels()[c], norms, c, image * n, n, pixels, 0, panel);
      float[] apart = apart(pixels, hand);
      for (int tap = 0; tap < taps; tap++) {
        int at = (i * taps + tap) * pitch;
        Arrays.fill(patches, at, at + pitch, 0);
        forEachRowOfTap(
            tap,
            (outAt, inAt, count) ->
                System.arraycopy(apart, placeApart(inAt), patches, at + outAt, count));
      }
    }
  }

  /**
   * Returns the pixels of an image with those of each row in another order: all that are a stride
   * apart follow each other, so that a tap meets neighbours.
   */
  private float[] apart(float[] pixels, Crew.Hand hand) {
    int stride = shape.stride();
    if (stride == 1) {
      return pixels;
    }
    float[] apart = hand.buffer(APART, extent.height() * stride * widthApart);
    for (int row = 0; row < extent.height(); row++) {
      int from = row * extent.width();
      for (int phase = 0; phase < stride; phase++) {
        int to = (row * stride + phase) * widthApart;
        for (int i = phase; i < extent.width(); i += stride) {
          apart[to++] = pixels[from + i];
        }
      }
    }
    return apart;
  }

  /** Returns where a pixel lies in what {@link #apart} returns. */
  private int placeApart(int pixel) {
    int stride = shape.stride();
    int row = pixel / extent.width();
    int column = pixel % extent.width();
    return stride == 1 ? pixel : (row * stride + column % stride) * widthApart + column / stride;
  }

  /** Some pixels of an output row and the input's pixels that a tap meets there. */
  private interface TapRow {
    void run(int outAt, int inAt, int count);
  }

  private void forEachRowOfTap(int tap, TapRow action) {
    int stride = shape.stride();
    int down = tap / shape.kernel() - shape.padding();
    int right = tap % shape.kernel() - shape.padding();
    int firstColumn = Math.max(0, (stride - 1 - right) / stride);
    int endColumn =
        Math.min(outExtent.width(), Math.floorDiv(extent.width() - 1 - right, stride) + 1);
    for (int row = 0; row < outExtent.height(); row++) {
      int inRow = row * stride + down;
      if (inRow >= 0 && inRow < extent.height() && endColumn > firstColumn) {
        action.run(
            row * outExtent.width() + firstColumn,
            inRow * extent.width() + firstColumn * stride + right,
            endColumn - firstColumn);
      }
    }
  }

  /**
   * Adds the weight's gradient to {@code dWeight}; that of the normalised inputs goes to {@code
   * target}, which may be null.
   *
   * @return the sums of the latter
   */
  double[][] backward(
      FeatureMatrix x,
      RowNorms norms,
      WeightMatrix weight,
      FeatureMatrix dy,
      WeightMatrix dWeight,
      GradientTarget target) {
    int mark = arena.mark();
    RowArrays inputs = RowArrays.of(x);
    TargetRows to = target == null ? null : TargetRows.of(target);
    FeatureRow[] weights = packer.gathered(backward, weight, shape);
    RowSums[] sums = RowSums.forParts(crew.parts(), x.rows());
    float[][][] products = new float[shape.groups()][crew.parts()][];
    crew.share(
        extent.images(),
        (from, end, hand) -> {
          for (int g = 0; g < shape.groups(); g++) {
            float[] ofWeights = new float[gradient.sumsLength()];
            products[g][hand.part()] = ofWeights;
            for (int image = from; image < end; image++) {
              backward(x, inputs, norms, weights[g], dy, to, g, image, hand, ofWeights, sums);
            }
          }
        });
    for (int g = 0; g < shape.groups(); g++) {
      gradient.addTo(dWeight.values(), dWeight.at() + g * out * dWeight.columns(), products[g]);
    }
    arena.release(mark);
    if (target == null) {
      return null;
    }
    RowOperations.written(target);
    return RowSums.ofGradients(sums, norms);
  }

  private void backward(
      FeatureMatrix x,
      RowArrays inputs,
      RowNorms norms,
      FeatureRow weights,
      FeatureMatrix dy,
      TargetRows target,
      int g,
      int image,
      Crew.Hand hand,
      float[] ofWeights,
      RowSums[] sums) {
    int panel = kernels.panel();
    int rows = in * taps;
    float[] patches = hand.buffer(PATCHES, rows * pitch);
    float[] output = hand.buffer(OUTPUT, out * pitch);
    float[] product = hand.buffer(PRODUCT, Math.max(out, rows) * pitch);
    fillPatches(x, norms, g, image, patches, hand);
    int outPixels = outExtent.pixels();
    for (int o = 0; o < out; o++) {
      FeatureRow row = dy.channels()[g * out + o];
      packer.copy(row, image * outPixels, outPixels, output, o * pitch, panel);
    }
    int[] manyAt = new int[gradient.bundleSize()];
    for (int q = 0; q < gradient.bundles(); q++) {
      for (int a = 0; a < manyAt.length; a++) {
        manyAt[a] = gradient.many(q, a) * pitch;
      }
      gradient.multiply(
          kernels,
          q,
          patches,
          manyAt,
          0,
          output,
          pitch,
          ofWeights,
          hand.buffer(DOTS, TrainingKernels.DOT_SCRATCH));
    }
    if (target == null) {
      return;
    }
    multiply(backward, weights, output, product);
    inputGradient(inputs, norms, target, g, image, product, hand, sums[hand.part()]);
  }

  private void inputGradient(
      RowArrays inputs,
      RowNorms norms,
      TargetRows target,
      int g,
      int image,
      float[] product,
      Crew.Hand hand,
      RowSums sums) {
    int panel = kernels.panel();
    int n = extent.pixels();
    float[] pixels = hand.buffer(PIXELS, n + panel);
    for (int i = 0; i < in; i++) {
      int c = g * in + i;
      Arrays.fill(pixels, 0, n + panel, 0);
      for (int tap = 0; tap < taps; tap++) {
        int at = (i * taps + tap) * pitch;
        forEachRowOfTap(
            tap,
            (outAt, inAt, count) -> {
              for (int j = 0; j < count; j++) {
                pixels[inAt + j * shape.stride()] += product[at + outAt + j];
              }
            });
      }
      int[] row = {c};
      packer.packBackward(
          inputs, norms, row, image * n, n, pixels, new int[1], panel, target, hand, sums);
    }
  }
}
