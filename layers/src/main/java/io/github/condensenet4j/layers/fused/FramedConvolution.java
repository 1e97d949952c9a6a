package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.kernels.training.BlockProduct;
import io.github.condensenet4j.kernels.training.TrainingKernels;
import io.github.condensenet4j.layers.arithmetic.ConvolutionShape;
import io.github.condensenet4j.layers.arithmetic.Extent;
import io.github.condensenet4j.layers.arithmetic.GradientTarget;
import java.util.stream.IntStream;

/**
 * A convolution of odd kernels that leaves the size of the image alone, with what stands before it,
 * strip by strip of framed images and group by group.
 *
 * <p>Inputs are normalised and activated on their way into the frame; a tap of the kernel is then
 * an address, and the convolution a product with as many inputs as a group has weights an output.
 */
final class FramedConvolution {

  /** Columns of a strip: enough for long sums, few enough for the first-level cache. */
  private static final int STRIP_COLUMNS = 1024;

  private static final RowNorms UNCHANGED = RowNorms.of(null, 1);

  private static final int INPUT = 0;
  private static final int PRODUCT = 1;
  private static final int OUTPUT = 2;
  private static final int PARTIAL = 3;
  private static final int DOTS = 6;
  private static final int PIXELS = 4;

  private final TrainingKernels kernels;
  private final Crew crew;
  private final Arena arena;
  private final RowPacker packer;
  private final ConvolutionShape shape;
  private final Strips strips;
  private final int in;
  private final int out;
  private final int framed;
  private final int flat;
  private final BlockProduct forward;
  private final BlockProduct backward;
  private final GradientBlocks gradient;
  private final boolean gradientsAreShifted;
  private final int[][] inputChannels;
  private final int[][] outputChannels;
  private final int[] inputsAt;
  private final int[] outputsAt;
  private final int[] productsAt;

  FramedConvolution(
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
    int kernel = shape.kernel();
    strips = new Strips(extent, kernel / 2, kernels.panel(), STRIP_COLUMNS, crew.threads());
    in = shape.inChannelsPerGroup();
    out = shape.outChannelsPerGroup();
    framed = strips.framedLength();
    flat = strips.panels() * kernels.panel();
    inputsAt = IntStream.range(0, in).map(i -> CacheLines.row(i, framed)).toArray();
    outputsAt = IntStream.range(0, out).map(o -> CacheLines.row(o, framed)).toArray();
    productsAt = IntStream.range(0, in).map(i -> CacheLines.row(i, flat)).toArray();
    inputChannels = channels(shape.groups(), in);
    outputChannels = channels(shape.groups(), out);
    int taps = kernel * kernel;
    int depth = in * taps;
    int lead = strips.lead();
    int[][] inputs = new int[out][];
    int[][] sources = new int[out][];
    for (int o = 0; o < out; o++) {
      int row = o * depth;
      inputs[o] = IntStream.range(0, depth).toArray();
      sources[o] = IntStream.range(0, depth).map(i -> row + i).toArray();
    }
    forward = BlockProduct.of(inputs, sources, k -> address(k, 1), o -> CacheLines.row(o, flat));
    int[][] gradients = new int[in][];
    int[][] gradientSources = new int[in][];
    for (int i = 0; i < in; i++) {
      int channel = i;
      gradients[i] = IntStream.range(0, out * taps).toArray();
      gradientSources[i] =
          IntStream.range(0, out * taps)
              .map(k -> k / taps * depth + channel * taps + k % taps)
              .toArray();
    }
    backward =
        BlockProduct.of(
            gradients, gradientSources, k -> address(k, -1), i -> CacheLines.row(i, flat));
    // A tap of an output's gradient on a pixel is a tap of the pixel on the gradient, mirrored.
    // Which of the two is shifted is free: most loads of a shifted row take two accesses, so it is
    // the gradients where these are so few that each of their loads would serve few sums.
    gradientsAreShifted = out < 4 && out < in;
    gradient =
        gradientsAreShifted
            ? GradientBlocks.of(
                gradients, gradientSources, k -> address(k, -1), i -> inputsAt[i] + lead)
            : GradientBlocks.of(inputs, sources, k -> address(k, 1), o -> outputsAt[o] + lead);
  }

  /** Tells whether this way is open to a convolution. */
  static boolean suits(ConvolutionShape shape) {
    return shape.stride() == 1
        && shape.kernel() % 2 == 1
        && shape.kernel() > 1
        && shape.padding() == shape.kernel() / 2;
  }

  /** Returns where tap {@code k} of all channels lies in the framed rows, or its mirror image. */
  private int address(int k, int direction) {
    int taps = shape.kernel() * shape.kernel();
    int tap = k % taps;
    int shift = strips.shift(tap / shape.kernel(), tap % shape.kernel());
    return CacheLines.row(k / taps, framed) + strips.lead() + direction * shift;
  }

  /** {@code y = weight ∗ transform(x)}. */
  void forward(FeatureMatrix x, RowNorms norms, WeightMatrix weight, FeatureMatrix y) {
    int mark = arena.mark();
    RowArrays inputs = RowArrays.of(x);
    FeatureRow[] weights = packer.gathered(forward, weight, shape);
    RowSums[] sums = RowSums.forParts(crew.parts(), y.rows());
    crew.share(
        strips.count(),
        (from, to, hand) -> {
          Strips.Frame input = inputFrame(hand);
          float[] product = hand.buffer(PRODUCT, out * flat);
          float[] partial = hand.buffer(PARTIAL, 2 * TrainingKernels.PARTIAL);
          for (int strip = from; strip < to; strip++) {
            int first = strips.firstColumn(strip);
            int n = strips.columns(strip);
            for (int g = 0; g < shape.groups(); g++) {
              frameInputs(x, inputs, norms, g, strip, input, hand);
              multiply(forward, weights[g], input.floats(), product);
              for (int o = 0; o < out; o++) {
                FeatureRow row = y.channels()[g * out + o];
                int at = row.at + first;
                strips.unframe(
                    kernels, product, CacheLines.row(o, flat), strips.images(strip), row.array, at);
                sums[hand.part()].addNumbers(kernels, g * out + o, row.array, at, n, partial);
              }
            }
          }
        });
    RowSums.putMoments(sums, y.channels());
    arena.release(mark);
  }

  private Strips.Frame inputFrame(Crew.Hand hand) {
    return new Strips.Frame(hand.buffer(INPUT, in * framed), inputsAt);
  }

  private void frameInputs(
      FeatureMatrix x,
      RowArrays inputs,
      RowNorms norms,
      int g,
      int strip,
      Strips.Frame frame,
      Crew.Hand hand) {
    int first = strips.firstColumn(strip);
    int images = strips.images(strip);
    int[] channels = inputChannels[g];
    if (norms.dropout == null) {
      CacheLines.fetch(inputs, channels, first, strips.columns(strip));
      strips.frame(kernels, norms, inputs, channels, first, images, frame);
      return;
    }
    for (int i = 0; i < in; i++) {
      float[] pixels = hand.buffer(PIXELS, strips.mostColumns() + kernels.panel());
      int c = channels[i];
      packer.pack(
          x.channels()[c], norms, c, first, strips.columns(strip), pixels, 0, kernels.panel());
      RowArrays packed = RowArrays.in(pixels, new int[] {0});
      Strips.Frame one = new Strips.Frame(frame.floats(), new int[] {inputsAt[i]});
      strips.frame(kernels, UNCHANGED, packed, new int[] {0}, 0, images, one);
    }
  }

  /** Returns the numbers of each group's channels. */
  private static int[][] channels(int groups, int perGroup) {
    return IntStream.range(0, groups)
        .mapToObj(g -> IntStream.range(g * perGroup, (g + 1) * perGroup).toArray())
        .toArray(int[][]::new);
  }

  private void multiply(
      BlockProduct product, FeatureRow weights, float[] framedRows, float[] result) {
    for (int p = 0; p < strips.panels(); p++) {
      int at = p * kernels.panel();
      kernels.multiply(product, weights.array, weights.at, framedRows, at, result, at);
    }
  }

  /**
   * Adds the weight's gradient to {@code dWeight}; that of the normalised inputs goes to {@code
   * target}, which may be null.
   *
   * @param dy may owe something, and goes on owing it
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
    PaidGradients gradients = new PaidGradients(kernels, dy, out, strips.mostColumns());
    TargetRows to = target == null ? null : TargetRows.of(target);
    FeatureRow[] weights = packer.gathered(backward, weight, shape);
    RowSums[] sums = RowSums.forParts(crew.parts(), x.rows());
    float[][][] products = new float[shape.groups()][crew.parts()][];
    crew.share(
        strips.count(),
        (from, end, hand) -> {
          RowArrays paid = gradients.rows(hand);
          Strips.Frame input = inputFrame(hand);
          Strips.Frame output = new Strips.Frame(hand.buffer(OUTPUT, out * framed), outputsAt);
          for (int g = 0; g < shape.groups(); g++) {
            int[] channels = outputChannels[g];
            float[] ofWeights = new float[gradient.sumsLength()];
            products[g][hand.part()] = ofWeights;
            for (int strip = from; strip < end; strip++) {
              frameInputs(x, inputs, norms, g, strip, input, hand);
              int columns = strips.columns(strip);
              int first = gradients.pay(channels, strips.firstColumn(strip), columns, paid);
              int images = strips.images(strip);
              strips.frame(kernels, gradients.norms(), paid, channels, first, images, output);
              gradient.multiply(
                  kernels,
                  gradientsAreShifted ? output.floats() : input.floats(),
                  gradientsAreShifted ? input.floats() : output.floats(),
                  flat,
                  ofWeights,
                  hand.buffer(DOTS, TrainingKernels.DOT_SCRATCH));
              if (target != null) {
                inputGradient(inputs, norms, weights[g], output.floats(), to, g, strip, hand, sums);
              }
            }
          }
        });
    gradient.addTo(dWeight.values(), dWeight.at(), out * dWeight.columns(), products, crew);
    arena.release(mark);
    if (target == null) {
      return null;
    }
    RowOperations.written(target);
    return RowSums.ofGradients(sums, norms);
  }

  private void inputGradient(
      RowArrays inputs,
      RowNorms norms,
      FeatureRow weights,
      float[] output,
      TargetRows target,
      int g,
      int strip,
      Crew.Hand hand,
      RowSums[] sums) {
    float[] product = hand.buffer(PRODUCT, Math.max(in, out) * flat);
    multiply(backward, weights, output, product);
    for (int at : productsAt) {
      strips.unframe(kernels, product, at, strips.images(strip), product, at);
    }
    packer.packBackward(
        inputs,
        norms,
        inputChannels[g],
        strips.firstColumn(strip),
        strips.columns(strip),
        product,
        productsAt,
        kernels.panel(),
        target,
        hand,
        sums[hand.part()]);
  }
}
