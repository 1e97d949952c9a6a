package io.github.condensenet4j.layers.arithmetic;

import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.reduce.same.Sum;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The operations on ND4J arrays, for every backend and floating-point type.
 *
 * <p>Each matrix is one array {@code [rows, columns]} in C order, so that a product with the
 * weights of a 1×1 convolution is one matrix product over the whole batch.
 */
public final class ArrayArithmetic implements ImageArithmetic {

  private final DataType type;

  private LayerWorkspaceMgr workspaces;
  private ArrayType memory;

  /** Creates an arithmetic on numbers of {@code type}. */
  public ArrayArithmetic(DataType type) {
    this.type = type;
  }

  private record ArrayMatrix(INDArray array) implements Matrix {

    @Override
    public int rows() {
      return Math.toIntExact(array.size(0));
    }

    @Override
    public int columns() {
      return Math.toIntExact(array.size(1));
    }

    @Override
    public Matrix slice(int first, int count) {
      return new ArrayMatrix(ArrayArithmetic.rows(array, first, count));
    }
  }

  private static INDArray of(Matrix matrix) {
    return ((ArrayMatrix) matrix).array;
  }

  @Override
  public void begin(LayerWorkspaceMgr layerWorkspaces, boolean backward, boolean saving) {
    workspaces = layerWorkspaces;
    memory =
        backward ? ArrayType.BP_WORKING_MEM : saving ? ArrayType.INPUT : ArrayType.FF_WORKING_MEM;
  }

  @Override
  public void end() {}

  /** Does nothing: Deeplearning4j's workspaces decide when memory is given back. */
  @Override
  public int mark() {
    return 0;
  }

  @Override
  public void release(int mark) {}

  @Override
  public void giveBack(int from, int to) {}

  @Override
  public boolean ownsMemory() {
    return false;
  }

  @Override
  public void clear(Matrix y) {
    of(y).assign(0);
  }

  private INDArray array(long... shape) {
    return workspaces.createUninitialized(memory, type, shape);
  }

  @Override
  public Matrix allocate(int rows, Extent extent) {
    return new ArrayMatrix(array(rows, extent.columns()));
  }

  @Override
  public void load(INDArray images, Extent extent, Matrix features) {
    INDArray byChannel = images.rank() == 2 ? images.transpose() : images.permute(1, 0, 2, 3);
    of(features).reshape('c', true, byChannel.shape()).assign(byChannel);
  }

  @Override
  public void store(Matrix features, Extent extent, INDArray images) {
    INDArray byChannel =
        images.rank() == 2
            ? of(features)
            : of(features)
                .reshape('c', features.rows(), extent.images(), extent.height(), extent.width());
    images.assign(images.rank() == 2 ? byChannel.transpose() : byChannel.permute(1, 0, 2, 3));
  }

  @Override
  public Matrix parameter(INDArray parameter) {
    // A copy: rows taken out of a parameter come back empty where the parameter begins within its
    // own length of the network's first one (in ND4J 1.0.0-M2.1).
    INDArray copy = array(parameter.shape());
    copy.assign(parameter);
    return matrix(copy);
  }

  private static Matrix matrix(INDArray weight) {
    long rows = weight.size(0);
    return new ArrayMatrix(weight.reshape('c', rows, weight.length() / rows));
  }

  @Override
  public Matrix masked(INDArray weight, INDArray mask) {
    INDArray kept = array(weight.shape());
    kept.assign(weight).muli(mask);
    return matrix(kept);
  }

  @Override
  public Matrix gradient(INDArray parameter) {
    return matrix(array(parameter.shape()).assign(0));
  }

  @Override
  public void storeGradient(Matrix gradient, INDArray mask, INDArray target) {
    target.assign(of(gradient).reshape('c', target.shape()));
    if (mask != null) {
      target.muli(mask);
    }
  }

  @Override
  public void copy(Matrix x, Matrix y) {
    of(y).assign(of(x));
  }

  @Override
  public void add(Matrix x, float factor, Matrix y) {
    of(y).addi(factor == 1 ? of(x) : of(x).mul(factor));
  }

  @Override
  public Matrix select(Matrix x, Extent extent, int[] rows) {
    INDArray selected = array(rows.length, x.columns());
    execute(
        DynamicCustomOp.builder("gather")
            .addInputs(of(x), Nd4j.createFromArray(rows))
            .addOutputs(selected)
            .addIntegerArguments(0));
    return new ArrayMatrix(selected);
  }

  @Override
  public void addSelected(Matrix x, int[] rows, float factor, Matrix y) {
    // Row by row: a scatter of all rows at once would add rows of equal index in any order.
    for (int i = 0; i < rows.length; i++) {
      add(x.slice(i, 1), factor, y.slice(rows[i], 1));
    }
  }

  private static void execute(DynamicCustomOp.DynamicCustomOpsBuilder operation) {
    Nd4j.exec(operation.build());
  }

  private INDArray column(double[] values) {
    return Nd4j.createFromArray(values).castTo(type).reshape(values.length, 1);
  }

  @Override
  public Moments moments(Matrix x) {
    INDArray centred = array(x.rows(), x.columns());
    double[] mean = of(x).mean(1).toDoubleVector();
    centred.assign(of(x)).subi(column(mean));
    // The mean of what is left corrects the rounding of the first pass.
    double[] rest = centred.mean(1).toDoubleVector();
    for (int r = 0; r < mean.length; r++) {
      mean[r] += rest[r];
    }
    double[] variance = centred.muli(centred).mean(1).toDoubleVector();
    for (int r = 0; r < mean.length; r++) {
      variance[r] = Math.max(0, variance[r] - rest[r] * rest[r]);
    }
    return new Moments(mean, variance);
  }

  @Override
  public void transform(Matrix x, Transform transform, Matrix y) {
    INDArray z = of(y);
    normalize(of(x), transform, z);
    switch (transform.function()) {
      case IDENTITY -> {}
      case RELU -> Transforms.max(z, 0, false);
      case HARD_SWISH -> z.muli(hardSigmoid(z));
      case SIGMOID -> Transforms.sigmoid(z, false);
    }
    if (transform.dropout() != null) {
      z.muli(factors(transform.dropout(), z));
    }
  }

  private void normalize(INDArray x, Transform transform, INDArray z) {
    if (z != x) {
      z.assign(x);
    }
    z.subi(column(transform.mean())).muli(column(transform.scale())).addi(column(transform.bias()));
  }

  /** Returns {@code relu6(z + 3) / 6}. */
  private static INDArray hardSigmoid(INDArray z) {
    INDArray shifted = Transforms.max(z.add(3), 0, false);
    return Transforms.min(shifted, 6, false).divi(6);
  }

  private INDArray factors(Dropout dropout, INDArray z) {
    float[][] factors = new float[(int) z.size(0)][(int) z.size(1)];
    for (int r = 0; r < factors.length; r++) {
      for (int c = 0; c < factors[r].length; c++) {
        factors[r][c] = dropout.factor(r, c);
      }
    }
    return Nd4j.createFromArray(factors).castTo(type);
  }

  @Override
  public double[][] transformBackward(
      Matrix x, Transform transform, Matrix dy, GradientTarget target) {
    INDArray z = array(x.rows(), x.columns());
    normalize(of(x), transform, z);
    INDArray derivative =
        switch (transform.function()) {
          case IDENTITY -> z.assign(1);
          case RELU -> z.gt(0).castTo(type);
          case HARD_SWISH -> {
            // Asked of z + 3 as rounded, not of z: so near a kink the reference decides alike.
            INDArray shifted = z.add(3);
            INDArray inside = shifted.gt(0).castTo(type).muli(shifted.lt(6).castTo(type));
            yield hardSigmoid(z).addi(inside.muli(z).divi(6));
          }
          case SIGMOID -> {
            INDArray value = Transforms.sigmoid(z, false);
            yield value.muli(value.rsub(1));
          }
        };
    if (transform.dropout() != null) {
      derivative.muli(factors(transform.dropout(), z));
    }
    INDArray dz = derivative.muli(of(dy));
    double[][] sums = target.factor() == null ? null : normalizationSums(x, transform, dz);
    put(dz, target);
    return sums;
  }

  private double[][] normalizationSums(Matrix x, Transform transform, INDArray dz) {
    INDArray products = array(x.rows(), x.columns());
    products.assign(of(x)).subi(column(transform.mean())).muli(dz);
    return new double[][] {sum(dz), sum(products)};
  }

  /** Brings a gradient, which may be there already and is not used any more, to its target. */
  private void put(INDArray dz, GradientTarget target) {
    if (target.factor() != null) {
      dz.muli(column(target.factor()));
    }
    if (target.accumulates()) {
      of(target.dx()).addi(dz);
    } else if (of(target.dx()) != dz) {
      of(target.dx()).assign(dz);
    }
  }

  private static double[] sum(INDArray x) {
    return Nd4j.exec(new Sum(x, 1)).toDoubleVector();
  }

  @Override
  public void addCentred(Matrix x, double[] mean, double[] b, double[] c, Matrix dx) {
    INDArray term = array(x.rows(), x.columns());
    term.assign(of(x)).subi(column(mean)).muli(column(b)).addi(column(c));
    of(dx).addi(term);
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
    if (base != null && base != y) {
      copy(base, y);
    }
    boolean accumulate = base != null;
    INDArray patches = patches(shape, extent, transformed(x, transform, extent));
    int in = shape.weightsPerOutput();
    int out = shape.outChannelsPerGroup();
    for (int g = 0; g < shape.groups(); g++) {
      multiply(
          rows(of(weight), g * out, out),
          false,
          rows(patches, g * in, in),
          false,
          rows(of(y), g * out, out),
          accumulate);
    }
  }

  private INDArray transformed(Matrix x, Transform transform, Extent extent) {
    if (transform == null) {
      return of(x);
    }
    Matrix activated = allocate(x.rows(), extent);
    transform(x, transform, activated);
    return of(activated);
  }

  /**
   * Returns {@code count} rows as a view. ND4J's own indexing is not used: the upper half of a view
   * that is the upper half of an array comes out empty there.
   */
  private static INDArray rows(INDArray matrix, int first, int count) {
    long offset = matrix.offset() + (long) first * matrix.stride(0);
    return Nd4j.create(
        matrix.data(), new long[] {count, matrix.size(1)}, matrix.stride(), offset, 'c');
  }

  /** {@code c = (accumulate ? c : 0) + a · b}, each transposed or not. */
  private static void multiply(
      INDArray a, boolean transposeA, INDArray b, boolean transposeB, INDArray c, boolean add) {
    execute(
        DynamicCustomOp.builder("matmul")
            .addInputs(a, b)
            .addOutputs(c)
            .addFloatingPointArguments(1.0, add ? 1.0 : 0.0)
            .addIntegerArguments(transposeA ? 1 : 0, transposeB ? 1 : 0, 0));
  }

  /**
   * Returns what each weight is multiplied with, {@code [channels · kernel², output columns]}: row
   * {@code (c · kernel + i) · kernel + j} is channel {@code c}, shifted by {@code (i, j)}.
   */
  private INDArray patches(ConvolutionShape shape, Extent extent, INDArray x) {
    if (shape.isPointwise()) {
      return x;
    }
    Extent output = shape.output(extent);
    INDArray padded = padded(shape, extent, shape.inChannels());
    interior(padded, shape, extent)
        .assign(
            x.reshape('c', shape.inChannels(), extent.images(), extent.height(), extent.width()));
    int taps = shape.kernel() * shape.kernel();
    INDArray patches =
        array(shape.inChannels(), taps, output.images(), output.height(), output.width());
    for (int tap = 0; tap < taps; tap++) {
      ofTap(patches, tap).assign(shifted(padded, shape, output, tap));
    }
    return patches.reshape('c', (long) shape.inChannels() * taps, output.columns());
  }

  private INDArray padded(ConvolutionShape shape, Extent extent, int channels) {
    int margin = 2 * shape.padding();
    return array(channels, extent.images(), extent.height() + margin, extent.width() + margin)
        .assign(0);
  }

  private static INDArray interior(INDArray padded, ConvolutionShape shape, Extent extent) {
    int p = shape.padding();
    return pixels(padded, p, p, 1, extent);
  }

  /** Returns the pixels of {@code padded} that weight {@code tap} of a kernel meets. */
  private static INDArray shifted(INDArray padded, ConvolutionShape shape, Extent output, int tap) {
    return pixels(padded, tap / shape.kernel(), tap % shape.kernel(), shape.stride(), output);
  }

  /** Returns {@code [channels, images, height, width]} of {@code [channels, taps, …]} as a view. */
  private static INDArray ofTap(INDArray patches, int tap) {
    long[] stride = patches.stride();
    long[] shape = {patches.size(0), patches.size(2), patches.size(3), patches.size(4)};
    long[] steps = {stride[0], stride[2], stride[3], stride[4]};
    long offset = patches.offset() + (long) tap * stride[1];
    return Nd4j.create(patches.data(), shape, steps, offset, 'c');
  }

  /** Returns every {@code step}-th pixel of {@code images}, from row and column on, as a view. */
  private static INDArray pixels(INDArray images, int row, int column, int step, Extent extent) {
    long[] stride = images.stride();
    long[] shape = {images.size(0), images.size(1), extent.height(), extent.width()};
    long[] steps = {stride[0], stride[1], stride[2] * step, stride[3] * step};
    long offset = images.offset() + (long) row * stride[2] + (long) column * stride[3];
    return Nd4j.create(images.data(), shape, steps, offset, 'c');
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
    if (sum != null) {
      takeOff(shape, extent, x, transform, weight, sum);
    }
    INDArray patches = patches(shape, extent, transformed(x, transform, extent));
    int in = shape.weightsPerOutput();
    int out = shape.outChannelsPerGroup();
    for (int g = 0; g < shape.groups(); g++) {
      INDArray ofOutput = rows(of(dy), g * out, out);
      multiply(
          ofOutput, false, rows(patches, g * in, in), true, rows(of(dWeight), g * out, out), true);
    }
    if (target == null) {
      return null;
    }
    Matrix da = target.accumulates() ? allocate(x.rows(), extent) : target.dx();
    INDArray dPatches = shape.isPointwise() ? of(da) : array(patches.shape());
    for (int g = 0; g < shape.groups(); g++) {
      INDArray ofOutput = rows(of(dy), g * out, out);
      multiply(
          rows(of(weight), g * out, out), true, ofOutput, false, rows(dPatches, g * in, in), false);
    }
    if (!shape.isPointwise()) {
      gather(shape, extent, dPatches, of(da));
    }
    if (transform != null) {
      return transformBackward(x, transform, da, target);
    }
    put(of(da), target);
    return null;
  }

  /** Sums what each pixel gave to the patches: the transpose of {@link #patches}. */
  private void gather(ConvolutionShape shape, Extent extent, INDArray dPatches, INDArray dx) {
    Extent output = shape.output(extent);
    int taps = shape.kernel() * shape.kernel();
    INDArray byTap =
        dPatches.reshape(
            'c', shape.inChannels(), taps, output.images(), output.height(), output.width());
    INDArray padded = padded(shape, extent, shape.inChannels());
    for (int tap = 0; tap < taps; tap++) {
      shifted(padded, shape, output, tap).addi(ofTap(byTap, tap));
    }
    dx.reshape('c', shape.inChannels(), extent.images(), extent.height(), extent.width())
        .assign(interior(padded, shape, extent));
  }

  @Override
  public Matrix pool(Matrix x, Extent extent) {
    return perImage(of(x), extent, 1.0 / extent.pixels());
  }

  @Override
  public void poolSquares(Matrix x, Extent extent, int size, Matrix y) {
    INDArray sums = inSquares(of(x), extent, size).sum(2, 4);
    of(y).assign(sums.reshape('c', y.rows(), y.columns()).muli(1.0 / (size * size)));
  }

  @Override
  public void spreadOverSquares(Matrix dy, Extent extent, int size, Matrix dx) {
    long planes = (long) dx.rows() * extent.images();
    int height = extent.height() / size;
    int width = extent.width() / size;
    INDArray shares =
        of(dy)
            .mul(1.0 / (size * size))
            .reshape('c', planes, height, 1, width, 1)
            .broadcast(array(planes, height, size, width, size));
    INDArray whole = array(planes, extent.height(), extent.width()).assign(0);
    inside(whole, extent, size)
        .assign(shares.reshape('c', planes, (long) height * size, (long) width * size));
    of(dx).assign(whole.reshape('c', dx.rows(), dx.columns()));
  }

  /** Returns {@code x} as {@code [planes, rows of squares, size, squares in a row, size]}. */
  private static INDArray inSquares(INDArray x, Extent extent, int size) {
    long planes = x.size(0) * extent.images();
    INDArray images = x.reshape('c', planes, extent.height(), extent.width());
    return inside(images, extent, size)
        .dup('c')
        .reshape('c', planes, extent.height() / size, size, extent.width() / size, size);
  }

  /** Returns the pixels that belong to squares. */
  private static INDArray inside(INDArray images, Extent extent, int size) {
    return images.get(
        NDArrayIndex.all(),
        NDArrayIndex.interval(0, extent.height() / size * size),
        NDArrayIndex.interval(0, extent.width() / size * size));
  }

  private Matrix perImage(INDArray x, Extent extent, double factor) {
    INDArray sums = array(x.size(0), extent.images());
    sums.assign(x.reshape('c', x.size(0), extent.images(), extent.pixels()).sum(2));
    return new ArrayMatrix(sums.muli(factor));
  }

  /** Returns {@code x} with a row for each channel of each image. */
  private static INDArray byImage(INDArray x, Extent extent) {
    return x.reshape('c', x.size(0) * extent.images(), extent.pixels());
  }

  private static INDArray asColumn(INDArray x) {
    return x.reshape('c', x.length(), 1);
  }

  @Override
  public void scaleImages(Matrix x, Extent extent, Matrix factor, Matrix y) {
    if (of(y) != of(x)) {
      of(y).assign(of(x));
    }
    byImage(of(y), extent).muli(asColumn(of(factor)));
  }

  @Override
  public Matrix imageProducts(Matrix x, Matrix y, Extent extent) {
    INDArray products = array(x.rows(), x.columns());
    products.assign(of(x)).muli(of(y));
    return perImage(products, extent, 1);
  }

  @Override
  public void addToImages(Matrix term, double factor, Extent extent, Matrix y) {
    byImage(of(y), extent).addi(asColumn(of(term).mul(factor)));
  }

  @Override
  public String toString() {
    return "ND4J arrays of " + type;
  }
}
