package io.github.condensenet4j.layers.arithmetic;

import java.util.Arrays;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The operations on {@code float[]}, in plain loops, for single precision on the CPU.
 *
 * <p>A row of features is a list of arrays, one for each of the {@link Tiles}. Selecting, shuffling
 * and concatenating channels is therefore free, and an operation takes a tile through all its steps
 * while it is in the cache: the normalised and activated input of a convolution is never written to
 * memory. Dropped connections of a weight are skipped, so a layer gets faster as it condenses.
 *
 * <p>Arrays are kept between steps of training and used again.
 */
public final class PlainArithmetic implements ImageArithmetic {

  private final ArrayPool pool = new ArrayPool();
  private final SharedWork work = new SharedWork();
  private final PlainConvolution convolution = new PlainConvolution(work);
  private final ImageRows imageRows = new ImageRows(work);

  private static RowMatrix of(Matrix matrix) {
    return (RowMatrix) matrix;
  }

  @Override
  public void begin(LayerWorkspaceMgr workspaces, boolean backward, boolean saving) {
    work.begin();
    if (!backward) {
      pool.release(0);
    }
  }

  @Override
  public void end() {}

  @Override
  public int mark() {
    return pool.mark();
  }

  @Override
  public void release(int mark) {
    pool.release(mark);
  }

  @Override
  public void giveBack(int from, int to) {
    pool.giveBack(from, to);
  }

  @Override
  public boolean ownsMemory() {
    return true;
  }

  @Override
  public Matrix allocate(int rows, Extent extent) {
    return features(rows, extent);
  }

  private RowMatrix features(int rows, Extent extent) {
    return features(rows, Tiles.of(extent));
  }

  private RowMatrix features(int rows, Tiles tiles) {
    float[][][] arrays = new float[rows][tiles.count()][];
    for (float[][] row : arrays) {
      for (int t = 0; t < row.length; t++) {
        row[t] = pool.take(tiles.length(t));
      }
    }
    return new RowMatrix(arrays, tiles, null);
  }

  @Override
  public void load(INDArray images, Extent extent, Matrix features) {
    ArrayTransfer.load(images, of(features), work);
  }

  @Override
  public void store(Matrix features, Extent extent, INDArray images) {
    ArrayTransfer.store(of(features), images, work);
  }

  @Override
  public Matrix parameter(INDArray parameter) {
    return loaded(parameter);
  }

  private RowMatrix loaded(INDArray parameter) {
    RowMatrix rows = shapedAs(parameter);
    ArrayTransfer.loadParameter(parameter, rows);
    return rows;
  }

  private RowMatrix shapedAs(INDArray parameter) {
    int rows = Math.toIntExact(parameter.size(0));
    float[][][] arrays = new float[rows][1][];
    for (float[][] row : arrays) {
      row[0] = pool.take(Math.toIntExact(parameter.length() / rows));
    }
    return new RowMatrix(arrays, null, null);
  }

  @Override
  public Matrix masked(INDArray weight, INDArray mask) {
    RowMatrix masked = loaded(weight);
    RowMatrix ones = loaded(mask);
    boolean[][] kept = new boolean[masked.rows()][masked.columns()];
    for (int r = 0; r < masked.rows(); r++) {
      float[] weights = masked.arrays()[r][0];
      for (int c = 0; c < weights.length; c++) {
        weights[c] *= ones.arrays()[r][0][c];
        kept[r][c] = ones.arrays()[r][0][c] != 0;
      }
    }
    return new RowMatrix(masked.arrays(), null, kept);
  }

  @Override
  public Matrix gradient(INDArray parameter) {
    RowMatrix gradient = shapedAs(parameter);
    for (float[][] row : gradient.arrays()) {
      Arrays.fill(row[0], 0);
    }
    return gradient;
  }

  @Override
  public void storeGradient(Matrix gradient, INDArray mask, INDArray target) {
    ArrayTransfer.storeParameter(of(gradient), target);
    if (mask != null) {
      target.muli(mask);
    }
  }

  @Override
  public void clear(Matrix y) {
    work.forEachArray(of(y), (row, tile, n) -> Arrays.fill(of(y).arrays()[row][tile], 0));
  }

  @Override
  public void copy(Matrix x, Matrix y) {
    work.forEachArray(
        of(y),
        (row, tile, n) ->
            System.arraycopy(of(x).arrays()[row][tile], 0, of(y).arrays()[row][tile], 0, n));
  }

  @Override
  public void add(Matrix x, float factor, Matrix y) {
    work.forEachArray(
        of(y),
        (row, tile, n) ->
            Loops.addScaled(of(y).arrays()[row][tile], of(x).arrays()[row][tile], factor, n));
  }

  @Override
  public Matrix select(Matrix x, Extent extent, int[] rows) {
    float[][][] selected = new float[rows.length][][];
    for (int i = 0; i < rows.length; i++) {
      selected[i] = of(x).arrays()[rows[i]];
    }
    return new RowMatrix(selected, of(x).tiles(), null);
  }

  @Override
  public void addSelected(Matrix x, int[] rows, float factor, Matrix y) {
    work.forEach(
        of(y).tiles().count(),
        (tile, worker) -> {
          for (int i = 0; i < rows.length; i++) {
            float[] source = of(x).arrays()[i][tile];
            Loops.addScaled(of(y).arrays()[rows[i]][tile], source, factor, source.length);
          }
        });
  }

  @Override
  public Moments moments(Matrix x) {
    int rows = x.rows();
    double[] mean = new double[rows];
    double[] variance = new double[rows];
    work.forEach(
        rows,
        (row, worker) -> {
          float[][] arrays = of(x).arrays()[row];
          double sum = 0;
          for (float[] array : arrays) {
            sum += worker.sums().sum(array, array.length);
          }
          mean[row] = sum / x.columns();
          float centre = (float) mean[row];
          double squares = 0;
          for (float[] array : arrays) {
            squares += worker.sums().squares(array, centre, array.length);
          }
          double rest = mean[row] - centre;
          variance[row] = Math.max(0, squares / x.columns() - rest * rest);
        });
    return new Moments(mean, variance);
  }

  @Override
  public void transform(Matrix x, Transform transform, Matrix y) {
    RowMatrix in = of(x);
    work.forEachArray(
        of(x),
        (row, tile, n) ->
            RowTransform.apply(
                in.arrays()[row][tile],
                transform,
                row,
                of(y).arrays()[row][tile],
                n,
                in.tiles().firstColumn(tile)));
  }

  @Override
  public double[][] transformBackward(
      Matrix x, Transform transform, Matrix dy, GradientTarget target) {
    int mark = mark();
    RowMatrix in = of(x);
    RowMatrix dz = target.accumulates() ? features(in.rows(), in.tiles()) : of(target.dx());
    work.forEachArray(
        in,
        (row, tile, n) ->
            RowTransform.backward(
                in.arrays()[row][tile],
                transform,
                row,
                of(dy).arrays()[row][tile],
                dz.arrays()[row][tile],
                n,
                in.tiles().firstColumn(tile)));
    double[][] sums = target.factor() == null ? null : normalizationSums(dz, in, transform.mean());
    put(dz, target);
    release(mark);
    return sums;
  }

  /** Brings a gradient, which may be there already, to its target. */
  private void put(RowMatrix dz, GradientTarget target) {
    RowMatrix dx = of(target.dx());
    if (!target.accumulates() && target.factor() == null) {
      return;
    }
    work.forEachArray(
        dx,
        (row, tile, n) -> {
          float[] to = dx.arrays()[row][tile];
          float[] from = dz.arrays()[row][tile];
          if (target.accumulates()) {
            Loops.addScaled(to, from, target.factor(row), n);
          } else {
            Loops.scale(to, from, target.factor(row), n);
          }
        });
  }

  private double[][] normalizationSums(RowMatrix dz, RowMatrix x, double[] mean) {
    double[][] result = new double[2][x.rows()];
    work.forEach(
        x.rows(),
        (row, worker) -> {
          float[][] gradients = dz.arrays()[row];
          float[][] values = x.arrays()[row];
          float centre = (float) mean[row];
          double sum = 0;
          double products = 0;
          for (int tile = 0; tile < values.length; tile++) {
            int n = values[tile].length;
            sum += worker.sums().sum(gradients[tile], n);
            products += worker.sums().centredDot(gradients[tile], values[tile], centre, n);
          }
          result[0][row] = sum;
          result[1][row] = products - sum * (mean[row] - centre);
        });
    return result;
  }

  @Override
  public void addCentred(Matrix x, double[] mean, double[] b, double[] c, Matrix dx) {
    work.forEachArray(
        of(x),
        (row, tile, n) ->
            Loops.addCentred(
                of(dx).arrays()[row][tile],
                of(x).arrays()[row][tile],
                (float) mean[row],
                (float) b[row],
                (float) c[row],
                n));
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
    convolution.convolve(shape, extent, of(x), transform, of(weight), of(y), accumulate);
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
    convolution.weightGradient(shape, extent, of(x), transform, of(weight), of(dy), of(dWeight));
    if (target == null) {
      return null;
    }
    int mark = mark();
    RowMatrix da = target.accumulates() ? features(x.rows(), of(x).tiles()) : of(target.dx());
    convolution.inputGradient(shape, extent, of(weight), of(dy), da);
    double[][] sums = null;
    if (transform == null) {
      put(da, target);
    } else {
      sums = transformBackward(x, transform, da, target);
    }
    release(mark);
    return sums;
  }

  @Override
  public Matrix pool(Matrix x, Extent extent) {
    RowMatrix means = onePixelEach(x, extent);
    imageRows.pool(of(x), means);
    return means;
  }

  @Override
  public Matrix imageProducts(Matrix x, Matrix y, Extent extent) {
    RowMatrix products = onePixelEach(x, extent);
    imageRows.products(of(x), of(y), products);
    return products;
  }

  @Override
  public void poolSquares(Matrix x, Extent extent, int size, Matrix y) {
    imageRows.poolSquares(of(x), size, of(y));
  }

  @Override
  public void spreadOverSquares(Matrix dy, Extent extent, int size, Matrix dx) {
    imageRows.spreadOverSquares(of(dy), size, of(dx));
  }

  private RowMatrix onePixelEach(Matrix x, Extent extent) {
    return features(x.rows(), new Extent(extent.images(), 1, 1));
  }

  @Override
  public void scaleImages(Matrix x, Extent extent, Matrix factor, Matrix y) {
    imageRows.scale(of(x), of(factor), of(y));
  }

  @Override
  public void addToImages(Matrix term, double factor, Extent extent, Matrix y) {
    imageRows.add(of(term), factor, of(y));
  }

  @Override
  public String toString() {
    return "plain loops on float arrays, " + work.parts() + " threads";
  }
}
