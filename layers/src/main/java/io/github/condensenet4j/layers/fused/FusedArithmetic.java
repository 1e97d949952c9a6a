package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.kernels.training.TrainingKernels;
import io.github.condensenet4j.layers.arithmetic.Arithmetic;
import io.github.condensenet4j.layers.arithmetic.ConvolutionShape;
import io.github.condensenet4j.layers.arithmetic.Excitation;
import io.github.condensenet4j.layers.arithmetic.Extent;
import io.github.condensenet4j.layers.arithmetic.GradientTarget;
import io.github.condensenet4j.layers.arithmetic.Matrix;
import io.github.condensenet4j.layers.arithmetic.Moments;
import io.github.condensenet4j.layers.arithmetic.Transform;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The operations on rows of {@code float[]} with the kernels of training.
 *
 * <p>What an operation learns on its way stays with the rows that it writes: a convolution takes
 * mean and variance of its outputs, so {@link #moments} seldom reads anything. The products of
 * masked weights follow lists of the connections that are left, which are made anew when a mask has
 * changed.
 */
public final class FusedArithmetic implements Arithmetic {

  private final TrainingKernels kernels;
  private final Crew crew = new Crew();
  private final Arena arena;
  private final RowPacker packer;
  private final PointwiseConvolution pointwise;
  private final RowOperations rowOperations;
  private final ImageSums imageSums;

  private final ParameterViews parameters = new ParameterViews();
  private final IdentityHashMap<INDArray, Mask> masks = new IdentityHashMap<>();
  private final Map<ConvolutionShape, Connections> whole = new HashMap<>();
  private final Map<Window, FramedConvolution> framed = new HashMap<>();
  private final Map<Window, PhasedConvolution> phased = new HashMap<>();
  private final Map<ConvolutionShape, FusedExcitation> excitations = new HashMap<>();

  /** A convolution at work: what its plan depends on. */
  private record Window(ConvolutionShape shape, Extent extent, int threads) {}

  /** Creates an arithmetic on {@code kernels}. */
  public FusedArithmetic(TrainingKernels kernels) {
    this.kernels = kernels;
    arena = new Arena(kernels.panel());
    rowOperations = new RowOperations(kernels, crew);
    packer = new RowPacker(kernels, crew, arena);
    pointwise = new PointwiseConvolution(kernels, crew, arena, packer);
    imageSums = new ImageSums(kernels, crew);
  }

  @Override
  public void begin(LayerWorkspaceMgr workspaces, boolean backward, boolean saving) {
    crew.begin();
    if (!backward) {
      arena.release(0);
    }
  }

  @Override
  public void end() {
    arena.release(0);
  }

  @Override
  public int mark() {
    return arena.mark();
  }

  @Override
  public void release(int mark) {
    arena.release(mark);
  }

  /** Returns a matrix that is going to be read. */
  private FeatureMatrix read(Matrix matrix) {
    FeatureMatrix features = FeatureMatrix.of(matrix);
    rowOperations.settle(features);
    return features;
  }

  @Override
  public void giveBack(int from, int to) {
    arena.giveBack(from, to);
  }

  @Override
  public boolean ownsMemory() {
    return true;
  }

  @Override
  public Matrix allocate(int rows, Extent extent) {
    return features(rows, extent);
  }

  private FeatureMatrix features(int rows, Extent extent) {
    FeatureRow[] channels = new FeatureRow[rows];
    Arrays.setAll(channels, r -> arena.take(extent.columns()));
    return new FeatureMatrix(channels, extent);
  }

  @Override
  public void load(INDArray images, Extent extent, Matrix features) {
    FeatureMatrix loaded = FeatureMatrix.of(features);
    NativeTransfer.load(images, loaded, crew);
    RowOperations.replaced(loaded);
  }

  @Override
  public void store(Matrix features, Extent extent, INDArray images) {
    NativeTransfer.store(read(features), images, crew);
  }

  @Override
  public Matrix parameter(INDArray parameter) {
    return loaded(parameter, null);
  }

  private WeightMatrix shapedAs(INDArray parameter, Mask mask) {
    int length = Math.toIntExact(parameter.length());
    int rows = Math.toIntExact(parameter.size(0));
    return new WeightMatrix(arena.take(length), rows, length / rows, mask);
  }

  private WeightMatrix loaded(INDArray parameter, Mask mask) {
    WeightMatrix loaded = shapedAs(parameter, mask);
    parameters.load(parameter, loaded.values(), loaded.at(), crew);
    return loaded;
  }

  @Override
  public Matrix masked(INDArray weight, INDArray mask) {
    Mask kept = masks.computeIfAbsent(mask, key -> new Mask());
    kept.update(mask, parameters, crew);
    // What is dropped need not be 0: nobody reads it.
    return loaded(weight, kept);
  }

  @Override
  public Matrix gradient(INDArray parameter) {
    return shapedAs(parameter, null).blank();
  }

  @Override
  public void storeGradient(Matrix gradient, INDArray mask, INDArray target) {
    // The mask needs no look: nothing was added where there is no connection.
    WeightMatrix values = WeightMatrix.of(gradient);
    parameters.store(values.values(), values.at(), target, crew);
  }

  @Override
  public double[] numbers(INDArray parameter) {
    int mark = arena.mark();
    WeightMatrix loaded = loaded(parameter, null);
    double[] numbers = new double[loaded.length()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = loaded.values()[loaded.at() + i];
    }
    arena.release(mark);
    return numbers;
  }

  @Override
  public void storeNumbers(double[] numbers, INDArray target) {
    int mark = arena.mark();
    FeatureRow row = arena.take(numbers.length);
    for (int i = 0; i < numbers.length; i++) {
      row.array[row.at + i] = (float) numbers[i];
    }
    parameters.store(row.array, row.at, target, crew);
    arena.release(mark);
  }

  @Override
  public void clear(INDArray target) {
    NativeTransfer.clear(target);
  }

  @Override
  public void clear(Matrix y) {
    rowOperations.clear(FeatureMatrix.of(y));
  }

  @Override
  public void copy(Matrix x, Matrix y) {
    rowOperations.copy(read(x), FeatureMatrix.of(y));
  }

  @Override
  public void add(Matrix x, float factor, Matrix y) {
    rowOperations.add(read(x), factor, FeatureMatrix.of(y));
  }

  @Override
  public Matrix select(Matrix x, Extent extent, int[] rows) {
    FeatureRow[] channels = FeatureMatrix.of(x).channels();
    FeatureRow[] selected =
        Arrays.stream(rows).mapToObj(row -> channels[row]).toArray(FeatureRow[]::new);
    return new FeatureMatrix(selected, extent);
  }

  @Override
  public void addSelected(Matrix x, int[] rows, float factor, Matrix y) {
    rowOperations.addSelected(read(x), rows, factor, FeatureMatrix.of(y));
  }

  @Override
  public Moments moments(Matrix x) {
    return rowOperations.moments(read(x));
  }

  @Override
  public void transform(Matrix x, Transform transform, Matrix y) {
    rowOperations.transform(read(x), transform, FeatureMatrix.of(y));
  }

  @Override
  public double[][] transformBackward(
      Matrix x, Transform transform, Matrix dy, GradientTarget target) {
    return rowOperations.transformBackward(read(x), transform, read(dy), target);
  }

  @Override
  public void addCentred(Matrix x, double[] mean, double[] b, double[] c, Matrix dx) {
    rowOperations.addCentred(FeatureMatrix.of(x), mean, b, c, FeatureMatrix.of(dx));
  }

  @Override
  public void settle(Matrix gradient) {
    read(gradient);
  }

  @Override
  public void convolve(
      ConvolutionShape shape,
      Extent extent,
      Matrix x,
      Transform transform,
      Matrix weight,
      Matrix base,
      Matrix y) {
    FeatureMatrix input = read(x);
    FeatureMatrix output = FeatureMatrix.of(y);
    WeightMatrix weights = WeightMatrix.of(weight);
    RowNorms norms = RowNorms.of(transform, x.rows());
    if (shape.isPointwise()) {
      FeatureMatrix added = base == null ? null : read(base);
      pointwise.forward(connections(shape, weights), input, norms, weights, added, output);
      return;
    }
    int mark = arena.mark();
    FeatureMatrix made = base == null ? output : features(output.rows(), output.extent());
    if (FramedConvolution.suits(shape)) {
      framed(shape, extent).forward(input, norms, weights, made);
    } else {
      phased(shape, extent).forward(input, norms, weights, made);
    }
    if (base != null) {
      if (base != y) {
        copy(base, y);
      }
      rowOperations.add(made, 1, output);
    }
    arena.release(mark);
  }

  private Connections connections(ConvolutionShape shape, WeightMatrix weight) {
    return weight.mask() != null
        ? weight.mask().connections(shape, kernels)
        : whole.computeIfAbsent(shape, key -> Connections.of(key, null, kernels));
  }

  private FramedConvolution framed(ConvolutionShape shape, Extent extent) {
    return framed.computeIfAbsent(
        new Window(shape, extent, crew.threads()),
        key -> new FramedConvolution(kernels, crew, arena, packer, shape, extent));
  }

  private PhasedConvolution phased(ConvolutionShape shape, Extent extent) {
    return phased.computeIfAbsent(
        new Window(shape, extent, crew.threads()),
        key -> new PhasedConvolution(kernels, crew, arena, packer, shape, extent));
  }

  @Override
  public boolean remakesOutput(ConvolutionShape shape, Matrix weight) {
    return shape.isPointwise() && connections(shape, WeightMatrix.of(weight)).canRemakeOutputs();
  }

  @Override
  public double[][] convolveBackward(
      ConvolutionShape shape,
      Extent extent,
      Matrix x,
      Transform transform,
      Matrix weight,
      Matrix dy,
      Matrix dWeight,
      GradientTarget target,
      Matrix sum) {
    FeatureMatrix gradient = FeatureMatrix.of(dy);
    WeightMatrix weights = WeightMatrix.of(weight);
    Connections connections = shape.isPointwise() ? connections(shape, weights) : null;
    if (sum != null && (connections == null || connections.outputsAreFew())) {
      // What is owed is reckoned from the sum as it is.
      rowOperations.settle(gradient);
      takeOff(shape, extent, x, transform, weight, sum);
      return convolveBackward(shape, extent, x, transform, weight, dy, dWeight, target, null);
    }
    if (target == null && connections != null) {
      // Nothing to gain: the first layer of a network is no 1×1 convolution.
      int mark = arena.mark();
      GradientTarget aside = GradientTarget.of(allocate(x.rows(), extent));
      convolveBackward(shape, extent, x, transform, weight, dy, dWeight, aside, sum);
      arena.release(mark);
      return null;
    }
    FeatureMatrix input = FeatureMatrix.of(x);
    WeightMatrix ofWeights = WeightMatrix.of(dWeight);
    RowNorms norms = RowNorms.of(transform, x.rows());
    if (connections != null) {
      FeatureMatrix features = sum == null ? null : FeatureMatrix.of(sum);
      return pointwise.backward(
          connections, input, norms, weights, gradient, ofWeights, target, features);
    }
    if (FramedConvolution.suits(shape)) {
      return framed(shape, extent).backward(input, norms, weights, gradient, ofWeights, target);
    }
    return phased(shape, extent).backward(input, norms, weights, gradient, ofWeights, target);
  }

  @Override
  public Matrix pool(Matrix x, Extent extent) {
    FeatureMatrix means = onePixelEach(x, extent);
    imageSums.pool(read(x), means);
    return means;
  }

  @Override
  public void poolSquares(Matrix x, Extent extent, int size, Matrix y) {
    imageSums.poolSquares(read(x), size, FeatureMatrix.of(y));
  }

  @Override
  public void spreadOverSquares(Matrix dy, Extent extent, int size, Matrix dx) {
    imageSums.spreadOverSquares(read(dy), size, FeatureMatrix.of(dx));
  }

  private FeatureMatrix onePixelEach(Matrix x, Extent extent) {
    return features(x.rows(), new Extent(extent.images(), 1, 1));
  }

  @Override
  public Excitation excite(Matrix x, Extent extent, Matrix down, Matrix up, Matrix y) {
    return excitations
        .computeIfAbsent(
            ConvolutionShape.pointwise(x.rows(), down.rows(), 1),
            key ->
                new FusedExcitation(
                    kernels,
                    crew,
                    arena,
                    packer,
                    rowOperations,
                    key.inChannels(),
                    key.outChannels()))
        .forward(read(x), WeightMatrix.of(down), WeightMatrix.of(up), FeatureMatrix.of(y));
  }

  @Override
  public void addToImages(Matrix term, double factor, Extent extent, Matrix y) {
    imageSums.add(FeatureMatrix.of(term), factor, FeatureMatrix.of(y));
  }

  @Override
  public String toString() {
    return kernels.description() + ", fused, " + crew.threads() + " threads";
  }
}
