package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.kernels.training.BlockProduct;
import io.github.condensenet4j.kernels.training.TrainingKernels;
import io.github.condensenet4j.layers.arithmetic.ConvolutionShape;
import io.github.condensenet4j.layers.arithmetic.Extent;
import io.github.condensenet4j.layers.arithmetic.GradientTarget;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A convolution of any stride and padding, some rows of an image at a time.
 *
 * <p>Pixels that are a stride apart, down and across, are a <em>phase</em> of the image. A tap of
 * the kernel meets the pixels of one phase, and neighbours there for neighbouring outputs. So each
 * phase becomes a plane with the padding around it, a tap an address in a plane, and the
 * convolution a product with as many inputs as a group has weights an output.
 */
final class PhasedConvolution {

  /** Columns of some rows: enough for long sums, few enough for the first-level cache. */
  private static final int STRIP_COLUMNS = 1024;

  private static final int PLANES = 0;
  private static final int PRODUCT = 1;
  private static final int OUTPUT = 2;
  private static final int PARTIAL = 3;
  private static final int PIXELS = 4;
  private static final int DOTS = 6;

  private final TrainingKernels kernels;
  private final Crew crew;
  private final Arena arena;
  private final RowPacker packer;
  private final ConvolutionShape shape;
  private final Extent extent;
  private final Extent outExtent;
  private final int in;
  private final int out;
  private final int stride;
  private final int panel;

  /** Rows and columns that a plane has beyond those of the output. */
  private final int reach;

  /** Columns of a plane, and of the output in the products. */
  private final int pitch;

  /** Rows of the output that are made at once, at most. */
  private final int stripRows;

  /** Columns of a product for so many rows, whole panels. */
  private final int flat;

  private final int planeLength;
  private final int outputLength;
  private final BlockProduct forward;
  private final GradientBlocks gradient;
  private final WholeImage wholeImage;

  PhasedConvolution(
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
    stride = shape.stride();
    panel = kernels.panel();
    reach = (shape.kernel() - 1) / stride;
    pitch = outExtent.width() + reach;
    stripRows = Math.max(1, Math.min(outExtent.height(), STRIP_COLUMNS / pitch));
    flat = wholePanels(stripRows * pitch);
    planeLength = CacheLines.whole(flat + reach * pitch + reach);
    outputLength = CacheLines.whole(flat + panel / 4);
    int taps = shape.kernel() * shape.kernel();
    int depth = in * taps;
    int[][] inputs = new int[out][];
    int[][] sources = new int[out][];
    for (int o = 0; o < out; o++) {
      int row = o * depth;
      inputs[o] = IntStream.range(0, depth).toArray();
      sources[o] = IntStream.range(0, depth).map(k -> row + k).toArray();
    }
    forward = BlockProduct.of(inputs, sources, this::tapAt, o -> CacheLines.row(o, flat));
    gradient =
        GradientBlocks.of(inputs, sources, this::tapAt, o -> CacheLines.row(o, outputLength));
    wholeImage = new WholeImage();
  }

  private int wholePanels(int columns) {
    return packer.panels(columns) * panel;
  }

  /**
   * Returns the number of a plane: of channel {@code i} of a group, rows and columns of a phase.
   */
  private int plane(int i, int down, int across) {
    return (i * stride + down) * stride + across;
  }

  /** Returns where tap {@code k} of all channels meets the input of the first output. */
  private int tapAt(int k) {
    int down = k % (shape.kernel() * shape.kernel()) / shape.kernel();
    int across = k % shape.kernel();
    int plane = plane(k / (shape.kernel() * shape.kernel()), down % stride, across % stride);
    return CacheLines.row(plane, planeLength) + down / stride * pitch + across / stride;
  }

  /** Some rows of the output of an image. */
  private record Strip(int image, int firstRow, int rows) {}

  private interface StripAction {
    void run(Strip strip);
  }

  private void forEachStrip(int fromImage, int toImage, StripAction action) {
    for (int image = fromImage; image < toImage; image++) {
      for (int row = 0; row < outExtent.height(); row += stripRows) {
        action.run(new Strip(image, row, Math.min(stripRows, outExtent.height() - row)));
      }
    }
  }

  /** {@code y = weight ∗ transform(x)}. */
  void forward(FeatureMatrix x, RowNorms norms, WeightMatrix weight, FeatureMatrix y) {
    int mark = arena.mark();
    FeatureRow[] weights = packer.gathered(forward, weight, shape);
    RowSums[] sums = RowSums.forParts(crew.parts(), y.rows());
    crew.share(
        extent.images(),
        (from, to, hand) -> {
          float[] product = hand.buffer(PRODUCT, out * flat);
          float[] partial = hand.buffer(PARTIAL, 2 * TrainingKernels.PARTIAL);
          forEachStrip(
              from,
              to,
              strip -> {
                int n = strip.rows() * outExtent.width();
                for (int g = 0; g < shape.groups(); g++) {
                  float[] planes = fillPlanes(x, norms, g, strip, hand);
                  multiply(forward, weights[g], planes, product, wholePanels(strip.rows() * pitch));
                  for (int o = 0; o < out; o++) {
                    FeatureRow row = y.channels()[g * out + o];
                    int at = row.at + firstOutput(strip);
                    unframe(product, CacheLines.row(o, flat), strip.rows(), row.array, at);
                    sums[hand.part()].addNumbers(kernels, g * out + o, row.array, at, n, partial);
                  }
                }
              });
        });
    RowSums.putMoments(sums, y.channels());
    arena.release(mark);
  }

  private int firstOutput(Strip strip) {
    return strip.image() * outExtent.pixels() + strip.firstRow() * outExtent.width();
  }

  private void unframe(float[] product, int productAt, int rows, float[] y, int at) {
    for (int row = 0; row < rows; row++) {
      System.arraycopy(
          product, productAt + row * pitch, y, at + row * outExtent.width(), outExtent.width());
    }
  }

  private void multiply(
      BlockProduct product, FeatureRow weights, float[] x, float[] y, int columns) {
    for (int at = 0; at < columns; at += panel) {
      kernels.multiply(product, weights.array, weights.at, x, at, y, at);
    }
  }

  /** Returns the planes that the windows of some outputs meet. */
  private float[] fillPlanes(FeatureMatrix x, RowNorms norms, int g, Strip strip, Crew.Hand hand) {
    int length = in * stride * stride * planeLength;
    float[] planes = hand.buffer(PLANES, length);
    Arrays.fill(planes, CacheLines.FIRST, CacheLines.FIRST + length, 0);
    int width = extent.width();
    // Of the image, where it has them.
    int top = strip.firstRow() * stride - shape.padding();
    int firstRow = Math.max(0, top);
    int endRow = Math.min(extent.height(), top + (strip.rows() + reach) * stride);
    int count = (endRow - firstRow) * width;
    if (count <= 0) {
      return planes;
    }
    float[] pixels = hand.buffer(PIXELS, count + panel);
    for (int i = 0; i < in; i++) {
      int c = g * in + i;
      int first = strip.image() * extent.pixels() + firstRow * width;
      packer.pack(x.channels()[c], norms, c, first, count, pixels, CacheLines.FIRST, panel);
      for (int row = firstRow; row < endRow; row++) {
        int from = CacheLines.row(row - firstRow, width);
        int plane = plane(i, (row - top) % stride, 0);
        split(pixels, from, planes, plane, (row - top) / stride * pitch);
      }
    }
    return planes;
  }

  /** Returns the first column of a plane that is one of the image. */
  private int firstOf(int across) {
    return Math.max(0, (shape.padding() - across + stride - 1) / stride);
  }

  /** Returns the column of the image that is column {@code column} of a plane. */
  private int columnOf(int across, int column) {
    return column * stride + across - shape.padding();
  }

  /** Returns how many columns of a plane, from the first that is one of the image, are. */
  private int countOf(int across) {
    int first = firstOf(across);
    int left = (extent.width() - columnOf(across, first) + stride - 1) / stride;
    return Math.max(0, Math.min(pitch - first, left));
  }

  /**
   * Shares a row of pixels out to the planes of its columns' phases, the first is {@code plane}.
   */
  private void split(float[] pixels, int from, float[] planes, int plane, int at) {
    int done = 0;
    if (stride == 2) {
      int even = shape.padding() % 2;
      int odd = 1 - even;
      done = Math.min(countOf(even), countOf(odd));
      kernels.splitPairs(
          pixels,
          from,
          done,
          planes,
          CacheLines.row(plane + even, planeLength) + at + firstOf(even),
          CacheLines.row(plane + odd, planeLength) + at + firstOf(odd));
    }
    for (int across = 0; across < stride; across++) {
      int first = firstOf(across);
      int source = from + columnOf(across, first);
      int target = CacheLines.row(plane + across, planeLength) + at + first;
      for (int i = done; i < countOf(across); i++) {
        planes[target + i] = pixels[source + i * stride];
      }
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
    PaidGradients gradients = new PaidGradients(kernels, dy, out, stripRows * outExtent.width());
    float[][][] products = new float[shape.groups()][crew.parts()][];
    crew.share(
        extent.images(),
        (from, to, hand) -> {
          RowArrays paid = gradients.rows(hand);
          for (int g = 0; g < shape.groups(); g++) {
            products[g][hand.part()] = new float[gradient.sumsLength()];
          }
          forEachStrip(
              from,
              to,
              strip -> {
                for (int g = 0; g < shape.groups(); g++) {
                  float[] planes = fillPlanes(x, norms, g, strip, hand);
                  float[] output = frame(gradients, paid, g, strip, hand);
                  gradient.multiply(
                      kernels,
                      planes,
                      output,
                      wholePanels(strip.rows() * pitch),
                      products[g][hand.part()],
                      hand.buffer(DOTS, TrainingKernels.DOT_SCRATCH));
                }
              });
        });
    gradient.addTo(dWeight.values(), dWeight.at(), out * dWeight.columns(), products, crew);
    return target == null ? null : wholeImage.inputGradient(x, norms, weight, dy, target);
  }

  /** Returns some outputs' gradients, as far apart as a product has them, with zeros between. */
  private float[] frame(
      PaidGradients gradients, RowArrays paid, int g, Strip strip, Crew.Hand hand) {
    float[] output = hand.buffer(OUTPUT, out * outputLength);
    int[] at = IntStream.range(0, out).map(o -> CacheLines.row(o, outputLength)).toArray();
    pack(gradients, paid, g, firstOutput(strip), strip.rows(), output, at, 0);
    for (int first : at) {
      Arrays.fill(output, first + strip.rows() * pitch, first + outputLength, 0);
    }
    return output;
  }

  /** Packs some rows of pixels of a group's gradients, of which the first is at {@code first}. */
  private void pack(
      PaidGradients gradients,
      RowArrays paid,
      int g,
      int first,
      int rows,
      float[] output,
      int[] at,
      int lead) {
    int[] numbers = IntStream.range(g * out, (g + 1) * out).toArray();
    int n = rows * outExtent.width();
    int firstPaid = gradients.pay(numbers, first, n, paid);
    RowNorms asTheyAre = gradients.norms();
    kernels.packImages(
        asTheyAre.function,
        asTheyAre.mean,
        asTheyAre.scale,
        asTheyAre.bias,
        paid.arrays(),
        paid.at(),
        numbers,
        firstPaid,
        outExtent.width(),
        rows,
        1,
        output,
        at,
        lead,
        pitch,
        rows * pitch);
  }

  /**
   * The way back to the input, image by image: the planes are products of framed gradients of the
   * output, and the phases' pixels come between each other again.
   */
  private final class WholeImage {

    private final int rows = outExtent.height() + reach;
    private final int columns = wholePanels(rows * pitch);
    private final int lead = CacheLines.whole(reach * pitch + reach);
    private final int length = CacheLines.whole(lead + columns + panel / 4);
    private final BlockProduct backward;

    WholeImage() {
      int kernel = shape.kernel();
      int taps = kernel * kernel;
      int planes = in * stride * stride;
      int[][] gradients = new int[planes][];
      int[][] sources = new int[planes][];
      for (int i = 0; i < planes; i++) {
        int channel = i / (stride * stride);
        int down = i / stride % stride;
        int across = i % stride;
        gradients[i] =
            IntStream.range(0, out * taps)
                .filter(k -> k % taps / kernel % stride == down && k % kernel % stride == across)
                .toArray();
        sources[i] =
            Arrays.stream(gradients[i])
                .map(k -> (k / taps * in + channel) * taps + k % taps)
                .toArray();
      }
      backward = BlockProduct.of(gradients, sources, this::gradientAt, this::planeAt);
    }

    private int planeAt(int plane) {
      return CacheLines.row(plane, columns);
    }

    /** Returns where the gradient lies that tap {@code k} of all outputs hands to a first pixel. */
    private int gradientAt(int k) {
      int taps = shape.kernel() * shape.kernel();
      int down = k % taps / shape.kernel() / stride;
      int across = k % shape.kernel() / stride;
      return CacheLines.row(k / taps, length) + lead - down * pitch - across;
    }

    double[][] inputGradient(
        FeatureMatrix x,
        RowNorms norms,
        WeightMatrix weight,
        FeatureMatrix dy,
        GradientTarget target) {
      int mark = arena.mark();
      RowArrays inputs = RowArrays.of(x);
      PaidGradients gradients = new PaidGradients(kernels, dy, out, outExtent.pixels());
      TargetRows to = TargetRows.of(target);
      FeatureRow[] weights = packer.gathered(backward, weight, shape);
      RowSums[] sums = RowSums.forParts(crew.parts(), x.rows());
      crew.share(
          extent.images(),
          (from, end, hand) -> {
            RowArrays paid = gradients.rows(hand);
            float[] product = hand.buffer(PRODUCT, in * stride * stride * columns);
            for (int image = from; image < end; image++) {
              for (int g = 0; g < shape.groups(); g++) {
                float[] output = frame(gradients, paid, g, image, hand);
                multiply(backward, weights[g], output, product, columns);
                for (int i = 0; i < in; i++) {
                  takeBack(inputs, norms, to, g, i, image, product, hand, sums[hand.part()]);
                }
              }
            }
          });
      arena.release(mark);
      RowOperations.written(target);
      return RowSums.ofGradients(sums, norms);
    }

    private float[] frame(
        PaidGradients gradients, RowArrays paid, int g, int image, Crew.Hand hand) {
      float[] output = hand.buffer(OUTPUT, out * length);
      int[] at = IntStream.range(0, out).map(o -> CacheLines.row(o, length)).toArray();
      int height = outExtent.height();
      pack(gradients, paid, g, image * outExtent.pixels(), height, output, at, lead);
      for (int first : at) {
        Arrays.fill(output, first, first + lead, 0);
        Arrays.fill(output, first + lead + height * pitch, first + length, 0);
      }
      return output;
    }

    private void takeBack(
        RowArrays inputs,
        RowNorms norms,
        TargetRows target,
        int g,
        int i,
        int image,
        float[] product,
        Crew.Hand hand,
        RowSums sums) {
      int n = extent.pixels();
      float[] pixels = hand.buffer(PIXELS, n + panel);
      Arrays.fill(pixels, CacheLines.FIRST, CacheLines.FIRST + n + panel, 0);
      for (int row = 0; row < extent.height(); row++) {
        int padded = row + shape.padding();
        if (padded / stride < rows) {
          int plane = plane(i, padded % stride, 0);
          join(
              product, plane, padded / stride * pitch, pixels, CacheLines.row(row, extent.width()));
        }
      }
      int[] numbers = {g * in + i};
      int[] at = {CacheLines.FIRST};
      packer.packBackward(
          inputs, norms, numbers, image * n, n, pixels, at, panel, target, hand, sums);
    }

    private void join(float[] product, int plane, int at, float[] pixels, int to) {
      for (int across = 0; across < stride; across++) {
        int first = firstOf(across);
        int source = planeAt(plane + across) + at + first;
        int pixel = to + columnOf(across, first);
        for (int j = 0; j < countOf(across); j++) {
          pixels[pixel + j * stride] = product[source + j];
        }
      }
    }
  }
}
