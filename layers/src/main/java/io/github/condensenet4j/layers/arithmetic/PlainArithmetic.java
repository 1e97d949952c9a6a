package io.github.condensenet4j.layers.arithmetic;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;

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
public final class PlainArithmetic implements Arithmetic {

  /** From so many pairs of rows on, a matrix product is faster than a pair at a time. */
  private static final int PAIRS_FOR_MATRIX_PRODUCT = 400;

  /** Arrays by length, which no matrix uses. */
  private final Map<Integer, ArrayDeque<float[]>> free = new HashMap<>();

  private final List<float[]> taken = new ArrayList<>();
  private final List<Worker> workers = new ArrayList<>();
  private int parts = 1;

  /**
   * Rows of arrays.
   *
   * @param arrays the arrays of each row
   * @param tiles how columns are cut; null for parameters, which have one array a row
   * @param kept which numbers are not masked; null if none is
   */
  @SuppressWarnings("ArrayRecordComponent") // views of shared memory, never compared
  private record RowMatrix(float[][][] arrays, Tiles tiles, boolean[][] kept) implements Matrix {

    @Override
    public int rows() {
      return arrays.length;
    }

    @Override
    public int columns() {
      return tiles == null ? arrays[0][0].length : tiles.extent().columns();
    }

    @Override
    public Matrix slice(int first, int count) {
      return new RowMatrix(Arrays.copyOfRange(arrays, first, first + count), tiles, null);
    }
  }

  private static RowMatrix of(Matrix matrix) {
    return (RowMatrix) matrix;
  }

  @Override
  public void begin(LayerWorkspaceMgr workspaces, boolean backward, boolean saving) {
    parts = Workers.threads();
    while (workers.size() < parts) {
      workers.add(new Worker());
    }
    if (!backward) {
      release(0);
    }
  }

  @Override
  public int mark() {
    return taken.size();
  }

  @Override
  public void release(int mark) {
    for (int i = taken.size() - 1; i >= mark; i--) {
      float[] array = taken.remove(i);
      free.computeIfAbsent(array.length, length -> new ArrayDeque<>()).push(array);
    }
  }

  private float[] take(int length) {
    ArrayDeque<float[]> unused = free.get(length);
    float[] array = unused == null || unused.isEmpty() ? new float[length] : unused.pop();
    taken.add(array);
    return array;
  }

  @Override
  public Matrix allocate(int rows, Extent extent) {
    Tiles tiles = Tiles.of(extent);
    float[][][] arrays = new float[rows][tiles.count()][];
    for (float[][] row : arrays) {
      for (int t = 0; t < row.length; t++) {
        row[t] = take(tiles.length(t));
      }
    }
    return new RowMatrix(arrays, tiles, null);
  }

  /** Runs {@code action} for each of {@code count} pieces of work, spread over the threads. */
  private void forEach(int count, Piece action) {
    int used = Math.max(1, Math.min(parts, count));
    Workers.run(
        used,
        part -> {
          Sums sums = workers.get(part).sums;
          for (int i = start(count, part, used); i < start(count, part + 1, used); i++) {
            action.run(i, part, sums);
          }
        });
  }

  private static int start(int count, int part, int parts) {
    return (int) ((long) count * part / parts);
  }

  /** A piece of work: its number, the thread's number, and its sums. */
  private interface Piece {
    void run(int number, int part, Sums sums);
  }

  /** What one thread works with alone. */
  private static final class Worker {
    private final Sums sums = new Sums();
    private final WeightProduct product = new WeightProduct();
    private float[][] arrays = new float[0][];

    /** Returns {@code count} arrays, or more, of at least {@code length}. */
    float[][] scratch(int count, int length) {
      if (arrays.length < count) {
        arrays = Arrays.copyOf(arrays, count);
      }
      for (int i = 0; i < count; i++) {
        if (arrays[i] == null || arrays[i].length < length) {
          arrays[i] = new float[length];
        }
      }
      return arrays;
    }
  }

  @Override
  public Matrix load(INDArray images, Extent extent) {
    Matrix loaded = allocate(Math.toIntExact(images.size(1)), extent);
    INDArray inOrder = contiguous(images);
    FloatPointer source = new FloatPointer(inOrder.data().addressPointer());
    forEachImageRow(
        of(loaded), (array, column, offset, n) -> source.getPointer(offset).get(array, column, n));
    return loaded;
  }

  @Override
  public void store(Matrix features, Extent extent, INDArray images) {
    INDArray inOrder = contiguous(images);
    FloatPointer target = new FloatPointer(inOrder.data().addressPointer());
    forEachImageRow(
        of(features),
        (array, column, offset, n) -> target.getPointer(offset).put(array, column, n));
    if (inOrder != images) {
      images.assign(inOrder);
    }
  }

  private static INDArray contiguous(INDArray array) {
    return array.ordering() == 'c' && Shape.hasDefaultStridesForShape(array)
        ? array
        : array.dup('c');
  }

  /** Visits each channel of each image where it lies here and in {@code [N, C, H, W]}. */
  private void forEachImageRow(RowMatrix matrix, ImageRow action) {
    Tiles tiles = matrix.tiles;
    int pixels = tiles.extent().pixels();
    forEach(
        tiles.extent().images(),
        (image, part, sums) -> {
          for (int row = 0; row < matrix.rows(); row++) {
            float[] array = matrix.arrays[row][tiles.tileOf(image)];
            long offset = ((long) image * matrix.rows() + row) * pixels;
            action.run(array, tiles.columnOf(image), offset, pixels);
          }
        });
  }

  /** A channel of an image: where it lies here, and from where on in {@code [N, C, H, W]}. */
  private interface ImageRow {
    void run(float[] array, int column, long offset, int length);
  }

  @Override
  public Matrix parameter(INDArray parameter) {
    int rows = Math.toIntExact(parameter.size(0));
    int columns = Math.toIntExact(parameter.length() / rows);
    float[][][] arrays = new float[rows][1][];
    INDArray inOrder = contiguous(parameter);
    FloatPointer source = new FloatPointer(inOrder.data().addressPointer());
    for (int r = 0; r < rows; r++) {
      arrays[r][0] = take(columns);
      source.getPointer((long) r * columns).get(arrays[r][0], 0, columns);
    }
    return new RowMatrix(arrays, null, null);
  }

  @Override
  public Matrix masked(INDArray weight, INDArray mask) {
    RowMatrix masked = of(parameter(weight));
    RowMatrix ones = of(parameter(mask));
    boolean[][] kept = new boolean[masked.rows()][masked.columns()];
    for (int r = 0; r < masked.rows(); r++) {
      float[] weights = masked.arrays[r][0];
      for (int c = 0; c < weights.length; c++) {
        weights[c] *= ones.arrays[r][0][c];
        kept[r][c] = ones.arrays[r][0][c] != 0;
      }
    }
    return new RowMatrix(masked.arrays, null, kept);
  }

  @Override
  public Matrix gradient(INDArray parameter) {
    int rows = Math.toIntExact(parameter.size(0));
    float[][][] arrays = new float[rows][1][];
    for (int r = 0; r < rows; r++) {
      arrays[r][0] = take(Math.toIntExact(parameter.length() / rows));
      Arrays.fill(arrays[r][0], 0);
    }
    return new RowMatrix(arrays, null, null);
  }

  @Override
  public void storeGradient(Matrix gradient, INDArray target) {
    INDArray inOrder = contiguous(target);
    FloatPointer pointer = new FloatPointer(inOrder.data().addressPointer());
    int columns = gradient.columns();
    for (int r = 0; r < gradient.rows(); r++) {
      pointer.getPointer((long) r * columns).put(of(gradient).arrays[r][0], 0, columns);
    }
    if (inOrder != target) {
      target.assign(inOrder);
    }
  }

  /** Runs {@code action} for each tile of each row. */
  private void forEachArray(Matrix shape, ArrayAction action) {
    RowMatrix matrix = of(shape);
    forEach(
        matrix.rows(),
        (row, part, sums) -> {
          for (int tile = 0; tile < matrix.arrays[row].length; tile++) {
            action.run(row, tile, matrix.arrays[row][tile].length);
          }
        });
  }

  /** A row's array of a tile. */
  private interface ArrayAction {
    void run(int row, int tile, int length);
  }

  @Override
  public void clear(Matrix y) {
    forEachArray(y, (row, tile, n) -> Arrays.fill(of(y).arrays[row][tile], 0));
  }

  @Override
  public void copy(Matrix x, Matrix y) {
    forEachArray(
        y,
        (row, tile, n) ->
            System.arraycopy(of(x).arrays[row][tile], 0, of(y).arrays[row][tile], 0, n));
  }

  @Override
  public void add(Matrix x, Matrix y) {
    forEachArray(
        y, (row, tile, n) -> Loops.add(of(y).arrays[row][tile], of(x).arrays[row][tile], n));
  }

  @Override
  public Matrix select(Matrix x, Extent extent, int[] rows) {
    float[][][] selected = new float[rows.length][][];
    for (int i = 0; i < rows.length; i++) {
      selected[i] = of(x).arrays[rows[i]];
    }
    return new RowMatrix(selected, of(x).tiles, null);
  }

  @Override
  public void addSelected(Matrix x, int[] rows, Matrix y) {
    forEach(
        of(y).tiles.count(),
        (tile, part, sums) -> {
          for (int i = 0; i < rows.length; i++) {
            float[] source = of(x).arrays[i][tile];
            Loops.add(of(y).arrays[rows[i]][tile], source, source.length);
          }
        });
  }

  @Override
  public Moments moments(Matrix x) {
    int rows = x.rows();
    double[] mean = new double[rows];
    double[] variance = new double[rows];
    forEach(
        rows,
        (row, part, sums) -> {
          float[][] arrays = of(x).arrays[row];
          double sum = 0;
          for (float[] array : arrays) {
            sum += sums.sum(array, array.length);
          }
          mean[row] = sum / x.columns();
          float centre = (float) mean[row];
          double squares = 0;
          for (float[] array : arrays) {
            squares += sums.squares(array, centre, array.length);
          }
          double rest = mean[row] - centre;
          variance[row] = Math.max(0, squares / x.columns() - rest * rest);
        });
    return new Moments(mean, variance);
  }

  @Override
  public void transform(Matrix x, Transform transform, Matrix y) {
    RowMatrix in = of(x);
    forEachArray(
        x,
        (row, tile, n) ->
            transform(
                in.arrays[row][tile],
                transform,
                row,
                of(y).arrays[row][tile],
                n,
                firstColumn(in.tiles, tile)));
  }

  private static int firstColumn(Tiles tiles, int tile) {
    return tiles.firstImage(tile) * tiles.extent().pixels();
  }

  /** Transforms the {@code n} numbers of {@code x}, which begin at {@code column} of the row. */
  private static void transform(
      float[] x, Transform transform, int row, float[] y, int n, int column) {
    float mean = (float) transform.mean()[row];
    float scale = (float) transform.scale()[row];
    float bias = (float) transform.bias()[row];
    switch (transform.function()) {
      case IDENTITY -> Loops.normalize(y, x, mean, scale, bias, n);
      case RELU -> Loops.normalizeRelu(y, x, mean, scale, bias, n);
      case HARD_SWISH -> Loops.normalizeHardSwish(y, x, mean, scale, bias, n);
      case SIGMOID -> {
        Loops.normalize(y, x, mean, scale, bias, n);
        for (int j = 0; j < n; j++) {
          y[j] = sigmoid(y[j]);
        }
      }
    }
    drop(transform.dropout(), row, y, n, column);
  }

  private static float sigmoid(float z) {
    return (float) (1 / (1 + Math.exp(-z)));
  }

  private static void drop(Dropout dropout, int row, float[] y, int n, int column) {
    if (dropout != null) {
      for (int j = 0; j < n; j++) {
        y[j] *= dropout.factor(row, column + j);
      }
    }
  }

  @Override
  public void transformBackward(Matrix x, Transform transform, Matrix dy, Matrix dz) {
    RowMatrix in = of(x);
    forEachArray(
        x,
        (row, tile, n) ->
            transformBackward(
                in.arrays[row][tile],
                transform,
                row,
                of(dy).arrays[row][tile],
                of(dz).arrays[row][tile],
                n,
                firstColumn(in.tiles, tile)));
  }

  private static void transformBackward(
      float[] x, Transform transform, int row, float[] dy, float[] dz, int n, int column) {
    float mean = (float) transform.mean()[row];
    float scale = (float) transform.scale()[row];
    float bias = (float) transform.bias()[row];
    switch (transform.function()) {
      case IDENTITY -> {
        if (dz != dy) {
          System.arraycopy(dy, 0, dz, 0, n);
        }
      }
      case RELU -> Loops.reluBackward(dz, dy, x, mean, scale, bias, n);
      case HARD_SWISH -> Loops.hardSwishBackward(dz, dy, x, mean, scale, bias, n);
      case SIGMOID -> {
        for (int j = 0; j < n; j++) {
          float value = sigmoid((x[j] - mean) * scale + bias);
          dz[j] = dy[j] * value * (1 - value);
        }
      }
    }
    drop(transform.dropout(), row, dz, n, column);
  }

  @Override
  public double[][] normalizationSums(Matrix dz, Matrix x, double[] mean) {
    double[][] result = new double[2][x.rows()];
    forEach(
        x.rows(),
        (row, part, sums) -> {
          float[][] gradients = of(dz).arrays[row];
          float[][] values = of(x).arrays[row];
          float centre = (float) mean[row];
          double sum = 0;
          double products = 0;
          for (int tile = 0; tile < values.length; tile++) {
            int n = values[tile].length;
            sum += sums.sum(gradients[tile], n);
            products += sums.centredDot(gradients[tile], values[tile], centre, n);
          }
          result[0][row] = sum;
          result[1][row] = products - sum * (mean[row] - centre);
        });
    return result;
  }

  @Override
  public void normalizeBackward(
      Matrix dz,
      Matrix x,
      double[] mean,
      double[] a,
      double[] b,
      double[] c,
      Matrix dx,
      boolean accumulate) {
    forEachArray(
        x,
        (row, tile, n) -> {
          float[] target = of(dx).arrays[row][tile];
          float[] gradient = of(dz).arrays[row][tile];
          float[] value = of(x).arrays[row][tile];
          float m = (float) mean[row];
          float fa = (float) a[row];
          float fb = (float) b[row];
          float fc = (float) c[row];
          if (accumulate) {
            Loops.addNormalizeBackward(target, gradient, value, m, fa, fb, fc, n);
          } else {
            Loops.normalizeBackward(target, gradient, value, m, fa, fb, fc, n);
          }
        });
  }

  /** The connections of each row of a weight that are kept: which columns, and their values. */
  @SuppressWarnings("ArrayRecordComponent") // handed from step to step, never compared
  private record Sparse(int[][] columns, float[][] values) {

    /** Returns the kept connections of rows {@code first, …}, columns counted from 0. */
    static Sparse of(RowMatrix weight, int first, int count) {
      int[][] columns = new int[count][];
      float[][] values = new float[count][];
      for (int r = 0; r < count; r++) {
        float[] row = weight.arrays[first + r][0];
        int[] found = new int[row.length];
        float[] value = new float[row.length];
        int n = 0;
        for (int c = 0; c < row.length; c++) {
          if (weight.kept == null || weight.kept[first + r][c]) {
            found[n] = c;
            value[n++] = row[c];
          }
        }
        columns[r] = Arrays.copyOf(found, n);
        values[r] = Arrays.copyOf(value, n);
      }
      return new Sparse(columns, values);
    }

    /** Returns the transpose, {@code rows} of them. */
    Sparse transpose(int rows) {
      int[] counts = new int[rows];
      for (int[] row : columns) {
        for (int c : row) {
          counts[c]++;
        }
      }
      int[][] turnedColumns = new int[rows][];
      float[][] turnedValues = new float[rows][];
      for (int r = 0; r < rows; r++) {
        turnedColumns[r] = new int[counts[r]];
        turnedValues[r] = new float[counts[r]];
      }
      int[] next = new int[rows];
      for (int r = 0; r < columns.length; r++) {
        for (int i = 0; i < columns[r].length; i++) {
          int c = columns[r][i];
          turnedColumns[c][next[c]] = r;
          turnedValues[c][next[c]++] = values[r][i];
        }
      }
      return new Sparse(turnedColumns, turnedValues);
    }

    /**
     * {@code y[r] = (accumulate ? y[r] : 0) + Σ values[r][i] · x[columns[r][i]]} for {@code n}
     * columns of the arrays.
     */
    void multiply(float[][] x, float[][] y, int n, boolean accumulate) {
      int widest = 1;
      for (int[] row : columns) {
        widest = Math.max(widest, row.length);
      }
      // As many columns at once as let the operands stay in the first-level cache.
      int block = Math.max(128, Math.min(1024, 8192 / widest / 64 * 64));
      for (int from = 0; from < n; from += block) {
        int to = Math.min(n, from + block);
        for (int r = 0; r < y.length; r++) {
          multiply(columns[r], values[r], x, y[r], from, to, accumulate);
        }
      }
    }

    private static void multiply(
        int[] columns,
        float[] values,
        float[][] x,
        float[] y,
        int from,
        int to,
        boolean accumulate) {
      int count = columns.length;
      if (count == 0) {
        if (!accumulate) {
          Arrays.fill(y, from, to, 0);
        }
        return;
      }
      for (int i = 0; i < count; i += 4) {
        // What is missing of the last four is another row times zero.
        int i1 = Math.min(i + 1, count - 1);
        int i2 = Math.min(i + 2, count - 1);
        int i3 = Math.min(i + 3, count - 1);
        float w1 = i + 1 < count ? values[i1] : 0;
        float w2 = i + 2 < count ? values[i2] : 0;
        float w3 = i + 3 < count ? values[i3] : 0;
        float[] a = x[columns[i]];
        float[] b = x[columns[i1]];
        float[] c = x[columns[i2]];
        float[] d = x[columns[i3]];
        if (i == 0 && !accumulate) {
          Loops.product4(y, a, b, c, d, values[i], w1, w2, w3, from, to);
        } else {
          Loops.addProduct4(y, a, b, c, d, values[i], w1, w2, w3, from, to);
        }
      }
    }
  }

  /** Returns the arrays of {@code tile} of rows {@code first, …}. */
  private static float[][] arrays(RowMatrix matrix, int tile, int first, int count) {
    float[][] arrays = new float[count][];
    for (int r = 0; r < count; r++) {
      arrays[r] = matrix.arrays[first + r][tile];
    }
    return arrays;
  }

  @Override
  public void convolve(
      ConvolutionShape shape,
      Extent extent,
      Matrix x,
      Transform transform,
      Matrix weight,
      Matrix y,
      boolean accumulate) {
    RowMatrix out = of(y);
    Sparse[] weights = byGroup(shape, of(weight));
    Patches patches = Patches.of(shape, extent);
    forEach(
        out.tiles.count(),
        (tile, part, sums) -> {
          int n = out.tiles.length(tile);
          for (int g = 0; g < shape.groups(); g++) {
            float[][] operand = operand(shape, of(x), transform, patches, g, out.tiles, tile, part);
            int rows = shape.outChannelsPerGroup();
            weights[g].multiply(operand, arrays(out, tile, g * rows, rows), n, accumulate);
          }
        });
  }

  private static Sparse[] byGroup(ConvolutionShape shape, RowMatrix weight) {
    Sparse[] weights = new Sparse[shape.groups()];
    int rows = shape.outChannelsPerGroup();
    Arrays.setAll(weights, g -> Sparse.of(weight, g * rows, rows));
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
      int part) {
    int channels = shape.inChannelsPerGroup();
    if (shape.isPointwise()) {
      float[][] values = arrays(x, tile, g * channels, channels);
      if (transform == null) {
        return values;
      }
      int n = outputTiles.length(tile);
      float[][] activated = workers.get(part).scratch(channels, n);
      int column = firstColumn(x.tiles, tile);
      for (int c = 0; c < channels; c++) {
        transform(values[c], transform, g * channels + c, activated[c], n, column);
      }
      return Arrays.copyOf(activated, channels);
    }
    int images = outputTiles.images(tile);
    int first = outputTiles.firstImage(tile);
    int length = images * x.tiles.extent().pixels();
    int rows = shape.weightsPerOutput();
    float[][] memory =
        workers.get(part).scratch(1 + rows, Math.max(length, outputTiles.length(tile)));
    int taps = shape.kernel() * shape.kernel();
    for (int c = 0; c < channels; c++) {
      int channel = g * channels + c;
      gatherImages(x, channel, first, images, memory[0]);
      if (transform != null) {
        int column = first * x.tiles.extent().pixels();
        transform(memory[0], transform, channel, memory[0], length, column);
      }
      for (int tap = 0; tap < taps; tap++) {
        patches.shift(memory[0], images, tap, memory[1 + c * taps + tap]);
      }
    }
    return Arrays.copyOfRange(memory, 1, 1 + rows);
  }

  /** Copies {@code images} images of a row to the beginning of {@code target}. */
  private static void gatherImages(RowMatrix x, int row, int first, int images, float[] target) {
    int pixels = x.tiles.extent().pixels();
    for (int i = 0; i < images; i++) {
      float[] source = x.arrays[row][x.tiles.tileOf(first + i)];
      System.arraycopy(source, x.tiles.columnOf(first + i), target, i * pixels, pixels);
    }
  }

  @Override
  public void convolveBackward(
      ConvolutionShape shape,
      Extent extent,
      Matrix x,
      Transform transform,
      Matrix weight,
      Matrix dy,
      Matrix dWeight,
      Matrix dz) {
    weightGradient(shape, extent, of(x), transform, of(weight), of(dy), of(dWeight));
    if (shape.isPointwise()) {
      pointwiseInputGradient(shape, of(weight), of(dy), of(dz));
    } else {
      spatialInputGradient(shape, extent, of(weight), of(dy), of(dz));
    }
    if (transform != null) {
      transformBackward(x, transform, dz, dz);
    }
  }

  private void weightGradient(
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
    double[][][] ofParts = new double[parts][][];
    forEach(
        dy.tiles.count(),
        (tile, part, sums) -> {
          if (ofParts[part] == null) {
            ofParts[part] = new double[dWeight.rows()][dWeight.columns()];
          }
          int n = dy.tiles.length(tile);
          for (int g = 0; g < shape.groups(); g++) {
            float[][] operand = operand(shape, x, transform, patches, g, dy.tiles, tile, part);
            float[][] gradients = arrays(dy, tile, g * rows, rows);
            double[][] target = Arrays.copyOfRange(ofParts[part], g * rows, (g + 1) * rows);
            boolean[][] kept =
                weight.kept == null
                    ? null
                    : Arrays.copyOfRange(weight.kept, g * rows, (g + 1) * rows);
            if (rows * operand.length >= PAIRS_FOR_MATRIX_PRODUCT) {
              addProducts(workers.get(part).product.of(gradients, operand, n), target);
            } else {
              addProducts(gradients, operand, kept, n, sums, target);
            }
          }
        });
    for (int r = 0; r < dWeight.rows(); r++) {
      float[] target = dWeight.arrays[r][0];
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

  private void pointwiseInputGradient(
      ConvolutionShape shape, RowMatrix weight, RowMatrix dy, RowMatrix dz) {
    int in = shape.inChannelsPerGroup();
    int out = shape.outChannelsPerGroup();
    Sparse[] weights = byGroup(shape, weight);
    Arrays.setAll(weights, g -> weights[g].transpose(in));
    forEach(
        dy.tiles.count(),
        (tile, part, sums) -> {
          for (int g = 0; g < weights.length; g++) {
            weights[g].multiply(
                arrays(dy, tile, g * out, out),
                arrays(dz, tile, g * in, in),
                dy.tiles.length(tile),
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
    Sparse[] weights = new Sparse[shape.groups()];
    Arrays.setAll(weights, g -> transposedKernels(shape, weight, g));
    forEach(
        dz.tiles.count(),
        (tile, part, sums) -> {
          int images = dz.tiles.images(tile);
          int first = dz.tiles.firstImage(tile);
          int length = images * dy.tiles.extent().pixels();
          float[][] memory =
              workers.get(part).scratch(1 + out * taps, Math.max(length, dz.tiles.length(tile)));
          for (int g = 0; g < weights.length; g++) {
            for (int r = 0; r < out; r++) {
              gatherImages(dy, g * out + r, first, images, memory[0]);
              for (int tap = 0; tap < taps; tap++) {
                spread.shift(memory[0], images, tap, memory[1 + r * taps + tap]);
              }
            }
            weights[g].multiply(
                Arrays.copyOfRange(memory, 1, 1 + out * taps),
                arrays(dz, tile, g * in, in),
                dz.tiles.length(tile),
                false);
          }
        });
  }

  /**
   * Returns the weights by input: {@code [in][out · taps]}, taps as {@link Patches} spreads them.
   */
  private static Sparse transposedKernels(ConvolutionShape shape, RowMatrix weight, int g) {
    int in = shape.inChannelsPerGroup();
    int out = shape.outChannelsPerGroup();
    int taps = shape.kernel() * shape.kernel();
    int[][] columns = new int[in][out * taps];
    float[][] values = new float[in][out * taps];
    for (int c = 0; c < in; c++) {
      for (int r = 0; r < out; r++) {
        for (int tap = 0; tap < taps; tap++) {
          columns[c][r * taps + tap] = r * taps + tap;
          values[c][r * taps + tap] = weight.arrays[g * out + r][0][c * taps + tap];
        }
      }
    }
    return new Sparse(columns, values);
  }

  @Override
  public Matrix pool(Matrix x, Extent extent) {
    Matrix means = allocate(x.rows(), new Extent(extent.images(), 1, 1));
    forEachImage(
        x,
        (row, image, tile, from, to) -> {
          float[] values = of(x).arrays[row][tile];
          double sum = 0;
          for (int j = from; j < to; j++) {
            sum += values[j];
          }
          put(means, row, image, sum / extent.pixels());
        });
    return means;
  }

  @Override
  public Matrix imageProducts(Matrix x, Matrix y, Extent extent) {
    Matrix products = allocate(x.rows(), new Extent(extent.images(), 1, 1));
    forEachImage(
        x,
        (row, image, tile, from, to) -> {
          float[] a = of(x).arrays[row][tile];
          float[] b = of(y).arrays[row][tile];
          double sum = 0;
          for (int j = from; j < to; j++) {
            sum += a[j] * b[j];
          }
          put(products, row, image, sum);
        });
    return products;
  }

  @Override
  public void scaleImages(Matrix x, Extent extent, Matrix factor, Matrix y) {
    forEachImage(
        x,
        (row, image, tile, from, to) -> {
          float[] in = of(x).arrays[row][tile];
          float[] out = of(y).arrays[row][tile];
          float scale = get(factor, row, image);
          for (int j = from; j < to; j++) {
            out[j] = in[j] * scale;
          }
        });
  }

  @Override
  public void addToImages(Matrix term, double factor, Extent extent, Matrix y) {
    forEachImage(
        y,
        (row, image, tile, from, to) -> {
          float[] out = of(y).arrays[row][tile];
          float added = (float) (get(term, row, image) * factor);
          for (int j = from; j < to; j++) {
            out[j] += added;
          }
        });
  }

  private void forEachImage(Matrix x, ImageAction action) {
    Tiles tiles = of(x).tiles;
    int pixels = tiles.extent().pixels();
    forEach(
        x.rows(),
        (row, part, sums) -> {
          for (int image = 0; image < tiles.extent().images(); image++) {
            int from = tiles.columnOf(image);
            action.run(row, image, tiles.tileOf(image), from, from + pixels);
          }
        });
  }

  /** A channel of an image: columns {@code from} to before {@code to} of a row's tile. */
  private interface ImageAction {
    void run(int row, int image, int tile, int from, int to);
  }

  private static float get(Matrix perImage, int row, int image) {
    Tiles tiles = of(perImage).tiles;
    return of(perImage).arrays[row][tiles.tileOf(image)][tiles.columnOf(image)];
  }

  private static void put(Matrix perImage, int row, int image, double value) {
    Tiles tiles = of(perImage).tiles;
    of(perImage).arrays[row][tiles.tileOf(image)][tiles.columnOf(image)] = (float) value;
  }

  @Override
  public String toString() {
    return "plain loops on float arrays, " + parts + " threads";
  }
}
