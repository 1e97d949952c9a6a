package io.github.condensenet4j.kernels.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds every operation of every implementation against its formula in double precision, over
 * awkward sizes.
 *
 * <p>A sum of {@code n} products may be off by {@code n} roundings of 2^-24 of the sum of the
 * absolute products, and by what the rounding of its terms adds.
 */
class TrainingKernelsTest {

  private static final float UNTOUCHED = -77;
  private static final double ROUNDING = 0x1p-24;

  /** Rows of {@code batch} planes, and connections in groups. */
  private record Shape(int batch, int height, int width, int groups, int rows, int depth) {
    int columns() {
      return batch * height * width;
    }
  }

  static Stream<Named<TrainingKernels>> implementations() {
    List<Named<TrainingKernels>> all = new ArrayList<>();
    all.add(Named.of("plain", TrainingKernelProvider.plain()));
    TrainingKernelProvider.simd().ifPresent(simd -> all.add(Named.of(simd.description(), simd)));
    return all.stream();
  }

  static Stream<Arguments> cases() {
    List<Shape> shapes = new ArrayList<>();
    for (int[] plane : new int[][] {{1, 1}, {1, 7}, {3, 5}, {7, 7}, {8, 8}, {17, 16}}) {
      for (int batch : new int[] {1, 7}) {
        shapes.add(new Shape(batch, plane[0], plane[1], 1, 13, 5));
        shapes.add(new Shape(batch, plane[0], plane[1], 3, 3, 7));
        shapes.add(new Shape(batch, plane[0], plane[1], 16, 2, 4));
      }
    }
    shapes.add(new Shape(1, 113, 113, 8, 4, 5));
    shapes.add(new Shape(1, 7, 9, 1, 65, 300));
    shapes.add(new Shape(7, 2, 9, 3, 24, 129));
    return implementations()
        .flatMap(kernels -> shapes.stream().map(shape -> Arguments.of(kernels, shape)));
  }

  private static float[] floats(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float[] untouched(int length) {
    float[] values = new float[length];
    Arrays.fill(values, UNTOUCHED);
    return values;
  }

  private static int panels(TrainingKernels kernels, int columns) {
    return (columns + kernels.panel() - 1) / kernels.panel();
  }

  /** Returns where column {@code i} of a packed row lies. */
  private static int at(TrainingKernels kernels, int start, int step, int i) {
    return start + i / kernels.panel() * step + i % kernels.panel();
  }

  // Asserting each of a million values takes longer than computing them.
  private static void check(double actual, double expected, double tolerance, String what) {
    if (!(Math.abs(actual - expected) <= tolerance)) {
      assertThat(actual).as(what).isCloseTo(expected, within(tolerance));
    }
  }

  private static double apply(Activation f, double z) {
    return switch (f) {
      case IDENTITY -> z;
      case RELU -> Math.max(z, 0);
      case HARD_SWISH -> z * Math.min(Math.max(z + 3, 0), 6) / 6;
    };
  }

  private static double slope(Activation f, double z) {
    return switch (f) {
      case IDENTITY -> 1;
      case RELU -> z > 0 ? 1 : 0;
      case HARD_SWISH -> (Math.min(Math.max(z + 3, 0), 6) + (z > -3 && z < 3 ? z : 0)) / 6;
    };
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void packsNormalizedRows(TrainingKernels kernels, Shape shape) {
    Random random = new Random(shape.hashCode());
    int columns = shape.columns();
    int panel = kernels.panel();
    int step = 3 * panel;
    float[] x = floats(random, columns + 2);
    for (Activation f : Activation.values()) {
      float[] y = untouched(panels(kernels, columns) * step + 5);
      kernels.pack(f, 0.3f, 1.7f, -0.2f, x, 1, columns, y, 5 + panel, step);
      for (int i = 0; i < panels(kernels, columns) * panel; i++) {
        double z = i < columns ? (x[1 + i] - 0.3f) * 1.7f + -0.2f : 0;
        double expected = i < columns ? apply(f, z) : 0;
        check(
            y[at(kernels, 5 + panel, step, i)],
            expected,
            8 * ROUNDING * (1 + Math.abs(z) * (Math.abs(z) + 3)),
            f + " of column " + i);
        check(y[at(kernels, 5, step, i)], UNTOUCHED, 0, "the row before");
      }
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void packsSomeRowsAsOneByOne(TrainingKernels kernels, Shape shape) {
    Random random = new Random(shape.hashCode());
    int columns = shape.columns();
    int[] numbers = {9, 2, 3, 5, 0, 7, 8};
    float[][] rows = new float[10][];
    int[] rowsAt = new int[10];
    float[] mean = floats(random, 10);
    float[] scale = floats(random, 10);
    float[] bias = floats(random, 10);
    for (int row : numbers) {
      rowsAt[row] = row % 3;
      rows[row] = floats(random, rowsAt[row] + 4 + columns);
    }
    int step = (numbers.length + 1) * kernels.panel();
    int[] yAt = IntStream.range(0, numbers.length).map(i -> 5 + i * kernels.panel()).toArray();
    for (Activation f : Activation.values()) {
      float[] expected = untouched(panels(kernels, columns) * step + 5);
      float[] y = expected.clone();
      for (int i = 0; i < numbers.length; i++) {
        int r = numbers[i];
        int at = rowsAt[r] + 4;
        kernels.pack(f, mean[r], scale[r], bias[r], rows[r], at, columns, expected, yAt[i], step);
      }

      kernels.packRows(f, mean, scale, bias, rows, rowsAt, numbers, 4, columns, y, yAt, step);

      assertThat(y).as("%s", f).containsExactly(expected);
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void multipliesOnlyWhatIsConnected(TrainingKernels kernels, Shape shape) {
    Random random = new Random(shape.hashCode());
    int panel = kernels.panel();
    int inputs = shape.groups() * shape.depth();
    int outputs = shape.groups() * shape.rows();
    // Each group is connected with inputs of its own choice, and the last group with none.
    int[][] connected = new int[outputs][];
    int[][] sources = new int[outputs][];
    for (int g = 0; g < shape.groups(); g++) {
      int[] chosen =
          IntStream.range(0, inputs)
              .filter(i -> shape.groups() == 1 || random.nextInt(shape.groups()) == 0)
              .toArray();
      int[] kept = g > 0 && g == shape.groups() - 1 ? new int[0] : chosen;
      for (int r = 0; r < shape.rows(); r++) {
        int output = r * shape.groups() + g;
        connected[output] = kept;
        sources[output] = Arrays.stream(kept).map(i -> output * inputs + i).toArray();
      }
    }
    float[] weights = floats(random, 2 + outputs * inputs);
    BlockProduct product =
        BlockProduct.of(connected, sources, i -> i * panel, o -> (outputs - 1 - o) * panel);
    float[] gathered = new float[1 + product.connections()];
    product.gather(weights, 2, gathered, 1);
    float[] x = floats(random, 3 + inputs * panel);
    float[] y = untouched(1 + outputs * panel + 1);

    kernels.multiply(product, gathered, 1, x, 3, y, 1);

    for (int o = 0; o < outputs; o++) {
      for (int i = 0; i < panel; i++) {
        double sum = 0;
        double magnitude = 0;
        for (int k : connected[o]) {
          double term = (double) weights[2 + o * inputs + k] * x[3 + k * panel + i];
          sum += term;
          magnitude += Math.abs(term);
        }
        check(
            y[1 + (outputs - 1 - o) * panel + i],
            sum,
            (connected[o].length + 1) * ROUNDING * magnitude,
            "output " + o + ", column " + i);
      }
    }
    assertThat(y[0]).isEqualTo(UNTOUCHED);
    assertThat(y[y.length - 1]).isEqualTo(UNTOUCHED);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void addsBlocksToRows(TrainingKernels kernels, Shape shape) {
    Random random = new Random(shape.hashCode());
    int columns = shape.columns();
    int from = 3;
    int inputs = shape.groups() * shape.depth();
    int outputs = shape.groups() * shape.rows();
    int[][] connected = connections(shape);
    BlockProduct product =
        BlockProduct.of(connected, sources(connected, inputs), i -> 1 + i * columns, o -> o);
    float[] weights = floats(random, outputs * inputs);
    float[] gathered = new float[1 + product.connections()];
    product.gather(weights, 0, gathered, 1);
    float[] x = floats(random, 3 + inputs * columns);
    float[][] rows = new float[outputs][];
    int[] rowsAt = new int[outputs];
    float[][] before = new float[outputs][];
    for (int o = 0; o < outputs; o++) {
      rowsAt[o] = o % 5;
      rows[o] = floats(random, rowsAt[o] + from + columns + 1);
      before[o] = rows[o].clone();
    }

    List<Integer> written = new ArrayList<>();
    for (int block = 0; block < product.blocks(); block++) {
      kernels.addBlock(product, block, gathered, 1, x, 2, rows, rowsAt, from, columns);
      Arrays.stream(product.outputsOf(block)).forEach(written::add);
    }

    assertThat(written)
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, outputs).boxed().toList());
    for (int o = 0; o < outputs; o++) {
      int at = rowsAt[o] + from;
      for (int i = 0; i < columns; i++) {
        double sum = before[o][at + i];
        double magnitude = Math.abs(sum);
        for (int k : connected[o]) {
          double term = (double) weights[o * inputs + k] * x[3 + k * columns + i];
          sum += term;
          magnitude += Math.abs(term);
        }
        check(
            rows[o][at + i],
            sum,
            (connected[o].length + 1) * ROUNDING * magnitude,
            "output " + o + ", column " + i);
      }
      assertThat(rows[o][at - 1]).isEqualTo(before[o][at - 1]);
      assertThat(rows[o][at + columns]).isEqualTo(before[o][at + columns]);
    }
  }

  /** Returns the inputs of each output: those of its group, whose outputs lie apart. */
  private static int[][] connections(Shape shape) {
    return IntStream.range(0, shape.groups() * shape.rows())
        .map(o -> o % shape.groups() * shape.depth())
        .mapToObj(first -> IntStream.range(first, first + shape.depth()).toArray())
        .toArray(int[][]::new);
  }

  /** Returns where the weights of connections lie in a matrix of {@code [outputs, inputs]}. */
  private static int[][] sources(int[][] connected, int inputs) {
    return IntStream.range(0, connected.length)
        .mapToObj(o -> Arrays.stream(connected[o]).map(i -> o * inputs + i).toArray())
        .toArray(int[][]::new);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void takesGradientsBackThroughAddedBlocks(TrainingKernels kernels, Shape shape) {
    takesGradientsBack(kernels, shape, false);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void takesAddedBlocksOffAgain(TrainingKernels kernels, Shape shape) {
    takesGradientsBack(kernels, shape, true);
  }

  private static void takesGradientsBack(TrainingKernels kernels, Shape shape, boolean takesOff) {
    Random random = new Random(shape.hashCode());
    int columns = shape.columns();
    int from = 3;
    int inputs = shape.groups() * shape.depth();
    int outputs = shape.groups() * shape.rows();
    int[][] connected = connections(shape);
    BlockProduct product =
        BlockProduct.of(connected, sources(connected, inputs), i -> 1 + i * columns, o -> o);
    float[] weights = floats(random, outputs * inputs);
    float[] gathered = new float[1 + product.connections()];
    product.gather(weights, 0, gathered, 1);
    float[] x = floats(random, 1 + inputs * columns);
    float[] before = floats(random, 1 + inputs * columns);
    float[] dx = before.clone();
    float[][] dy = rows(random, outputs, from + columns + 5);
    float[][] sums = rows(random, outputs, from + columns + 5);
    float[][] centred = rows(random, outputs, from + columns + 5);
    int[] dyAt = IntStream.range(0, outputs).map(o -> o % 5).toArray();
    int[] sumsAt = IntStream.range(0, outputs).map(o -> o % 3).toArray();
    int[] centredAt = IntStream.range(0, outputs).map(o -> o % 4).toArray();
    float[] mean = floats(random, outputs);
    float[] b = floats(random, outputs);
    float[] c = floats(random, outputs);
    // One that owes nothing.
    b[0] = 0;
    c[0] = 0;
    CentredRows owed = new CentredRows(centred, centredAt, mean, b, c);
    float[][] dyBefore = Arrays.stream(dy).map(float[]::clone).toArray(float[][]::new);
    float[][] sumsBefore = Arrays.stream(sums).map(float[]::clone).toArray(float[][]::new);
    float[] ofWeights = new float[product.connections() + 1];
    Arrays.fill(ofWeights, 1);

    for (int block = 0; block < product.blocks(); block++) {
      kernels.addBlockBackward(
          product,
          block,
          gathered,
          1,
          x,
          owed,
          dy,
          dyAt,
          takesOff ? sums : null,
          takesOff ? sumsAt : null,
          from,
          columns,
          dx,
          ofWeights,
          new float[TrainingKernels.DOT_SCRATCH]);
    }

    float[] part = Arrays.copyOf(ofWeights, product.connections());
    float[] dWeights = new float[outputs * inputs];
    product.addTo(dWeights, 0, new float[][] {null, part, part}, 1, 0, product.blocks());
    double[] added = new double[before.length];
    double[] magnitudes = new double[before.length];
    for (int o = 0; o < outputs; o++) {
      double[] ofWeight = new double[inputs];
      double[] magnitude = new double[inputs];
      for (int i = 0; i < columns; i++) {
        int column = from + i;
        double slope = b[o] * ((double) centred[o][centredAt[o] + column] - mean[o]);
        double gradient = dyBefore[o][dyAt[o] + column] + slope + c[o];
        // What rounding a gradient may add, in roundings of what is made of it.
        double size = Math.abs(dyBefore[o][dyAt[o] + column]) + 4 * Math.abs(slope) + 4;
        double sum = sumsBefore[o][sumsAt[o] + column];
        double sumSize = Math.abs(sum);
        for (int k : connected[o]) {
          int at = 1 + k * columns + i;
          ofWeight[k] += gradient * x[at];
          magnitude[k] += size * Math.abs(x[at]);
          added[at] += gradient * weights[o * inputs + k];
          magnitudes[at] += size * Math.abs(weights[o * inputs + k]);
          sum -= (double) weights[o * inputs + k] * x[at];
          sumSize += Math.abs(weights[o * inputs + k] * x[at]);
        }
        String where = "output " + o + ", column " + i;
        if (takesOff) {
          check(dy[o][dyAt[o] + column], gradient, 8 * ROUNDING * size, where);
          double bound = (shape.depth() + 1) * ROUNDING * sumSize;
          check(sums[o][sumsAt[o] + column], sum, bound, "sum of " + where);
          dyBefore[o][dyAt[o] + column] = dy[o][dyAt[o] + column];
          sumsBefore[o][sumsAt[o] + column] = sums[o][sumsAt[o] + column];
        }
      }
      for (int k : connected[o]) {
        check(
            dWeights[o * inputs + k],
            2 * (1 + ofWeight[k]),
            2 * (columns + 8) * ROUNDING * (1 + magnitude[k]),
            "weight of output " + o + ", input " + k);
      }
      // Nothing beside the columns is touched.
      assertThat(dy[o]).isEqualTo(dyBefore[o]);
      assertThat(sums[o]).isEqualTo(sumsBefore[o]);
    }
    for (int at = 0; at < before.length; at++) {
      check(
          dx[at],
          before[at] + added[at],
          (shape.rows() + 8) * ROUNDING * (Math.abs(before[at]) + magnitudes[at]),
          "gradient " + at);
    }
    assertThat(ofWeights[ofWeights.length - 1]).isEqualTo(1);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void multipliesBlocksWithTheGradientsOfTheirWeights(TrainingKernels kernels, Shape shape) {
    Random random = new Random(shape.hashCode());
    int columns = panels(kernels, shape.columns()) * kernels.panel();
    int inputs = shape.groups() * shape.depth();
    int[][] connected = connections(shape);
    BlockProduct product =
        BlockProduct.of(connected, sources(connected, inputs), i -> 3 + i * columns, o -> o);
    float[] weights = floats(random, connected.length * inputs);
    float[] gathered = new float[1 + product.connections()];
    product.gather(weights, 0, gathered, 1);
    float[] x = floats(random, 3 + inputs * columns);
    int pitch = columns + 1;
    float[] z = floats(random, 4 + connected.length * pitch);
    float[] y = untouched(z.length);
    float[] ofWeights = new float[product.connections()];
    float[] products = new float[product.connections()];
    Arrays.fill(ofWeights, 1);
    Arrays.fill(products, 1);
    for (int block = 0; block < product.blocks(); block++) {
      int[] outputs = product.outputsOf(block);
      assertThat(product.depthOf(block)).isEqualTo(connected[outputs[0]].length);
      int[] rowsAt = Arrays.stream(outputs).map(o -> 4 + o * pitch).toArray();
      float[] scratch = floats(random, TrainingKernels.BLOCK_SCRATCH);

      kernels.multiplyBlock(
          product, block, gathered, 1, x, z, y, rowsAt, columns, ofWeights, scratch);

      int[] fromSecond = IntStream.concat(IntStream.of(-1), Arrays.stream(rowsAt)).toArray();
      kernels.addProducts(product, block, x, z, fromSecond, 1, columns, products, scratch);
    }
    float[] dWeights = new float[weights.length];
    product.addTo(dWeights, 0, new float[][] {ofWeights}, 1, 0, product.blocks());
    float[] alone = new float[weights.length];
    product.addTo(alone, 0, new float[][] {products}, 1, 0, product.blocks());
    for (int o = 0; o < connected.length; o++) {
      int at = 4 + o * pitch;
      checkRow(y, at, connected[o], weights, o * inputs, x, 3, columns, columns);
      assertThat(y[at - 1]).isEqualTo(UNTOUCHED);
      for (int k : connected[o]) {
        double sum = 1;
        double magnitude = 1;
        for (int i = 0; i < columns; i++) {
          double term = (double) z[at + i] * x[3 + k * columns + i];
          sum += term;
          magnitude += Math.abs(term);
        }
        double bound = (columns + 2) * ROUNDING * magnitude;
        String what = "weight of output " + o + ", input " + k;
        check(dWeights[o * inputs + k], sum, bound, what);
        check(alone[o * inputs + k], sum, bound, what + ", alone");
      }
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void multipliesSlabs(TrainingKernels kernels, Shape shape) {
    Random random = new Random(shape.hashCode());
    int columns = panels(kernels, shape.columns()) * kernels.panel();
    int pitch = columns + 1;
    int slab = kernels.slab();
    int inputs = 3 * slab;
    // Blocks of 8, 4, 2 and 1 outputs of the first and the last slab, one of all slabs, one of
    // none.
    int[] outer = IntStream.range(0, inputs).filter(k -> k / slab != 1).toArray();
    int[][] connected = new int[17][];
    Arrays.fill(connected, outer);
    connected[15] = IntStream.range(0, inputs).toArray();
    connected[16] = new int[0];
    BlockProduct product =
        BlockProduct.of(connected, sources(connected, inputs), k -> 3 + k * pitch, o -> o);
    float[] weights = floats(random, connected.length * inputs);
    float[] gathered = new float[1 + product.connections()];
    product.gather(weights, 0, gathered, 1);
    float[] x = floats(random, 3 + inputs * pitch);
    float[] z = floats(random, 4 + connected.length * pitch);
    float[] y = untouched(z.length);
    float[] slabs = untouched(x.length);
    float[] ofWeights = new float[product.connections()];
    Arrays.fill(ofWeights, 1);

    kernels.packSlabs(x, 3, pitch, inputs, columns, slabs);
    for (int block = 0; block < product.blocks(); block++) {
      int[] rowsAt = Arrays.stream(product.outputsOf(block)).map(o -> 4 + o * pitch).toArray();
      kernels.multiplyRows(product, block, gathered, 1, x, y, rowsAt, columns);
      int[] fromSecond = IntStream.concat(IntStream.of(-1), Arrays.stream(rowsAt)).toArray();
      kernels.addSlabProducts(product, block, slabs, z, fromSecond, 1, columns, ofWeights);
    }

    for (int k = 0; k < inputs; k++) {
      int first = 3 + k / slab * slab * pitch;
      for (int i = 0; i < columns; i++) {
        assertThat(slabs[first + i * slab + k % slab]).isEqualTo(x[3 + k * pitch + i]);
      }
    }
    float[] dWeights = new float[weights.length];
    product.addTo(dWeights, 0, new float[][] {ofWeights}, slab, 0, product.blocks());
    for (int o = 0; o < connected.length; o++) {
      checkRow(y, 4 + o * pitch, connected[o], weights, o * inputs, x, 3, pitch, columns);
      for (int k : connected[o]) {
        double sum = 1;
        double magnitude = 1;
        for (int i = 0; i < columns; i++) {
          double term = (double) z[4 + o * pitch + i] * x[3 + k * pitch + i];
          sum += term;
          magnitude += Math.abs(term);
        }
        check(
            dWeights[o * inputs + k],
            sum,
            (columns + 2) * ROUNDING * magnitude,
            "weight of output " + o + ", input " + k);
      }
    }
  }

  /** Checks that a row is the product of weights with {@code connected} rows of {@code x}. */
  private static void checkRow(
      float[] y,
      int yAt,
      int[] connected,
      float[] weights,
      int weightsAt,
      float[] x,
      int xAt,
      int pitch,
      int columns) {
    for (int i = 0; i < columns; i++) {
      double sum = 0;
      double magnitude = 0;
      for (int k : connected) {
        double term = (double) weights[weightsAt + k] * x[xAt + k * pitch + i];
        sum += term;
        magnitude += Math.abs(term);
      }
      check(
          y[yAt + i],
          sum,
          (connected.length + 1) * ROUNDING * magnitude,
          "row at " + yAt + ", " + i);
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void packsImages(TrainingKernels kernels, Shape shape) {
    int width = shape.width();
    int height = shape.height();
    for (Activation f : Activation.values()) {
      Random random = new Random(shape.hashCode());
      // Once with numbers behind the last row, once without.
      for (int behind : new int[] {0, 40}) {
        int pitch = width + (behind == 0 ? 2 : 1);
        float[] x = floats(random, 1 + height * width + behind);
        int end = 2 + height * pitch + kernels.panel() / 4;
        float[] y = untouched(end + 1);

        kernels.packImage(f, 0.3f, 1.7f, -0.2f, x, 1, width, height, y, 2, pitch);

        for (int i = 0; i < height * width; i++) {
          double z = (x[1 + i] - 0.3f) * 1.7f + -0.2f;
          check(
              y[2 + i / width * pitch + i % width],
              apply(f, z),
              1e-5 * (1 + Math.abs(z)),
              f + " " + i);
        }
        for (int i = 0; i < height * pitch; i++) {
          if (i % pitch >= width) {
            check(y[2 + i], 0, 0, f + " behind a row, " + i);
          }
        }
        for (int i = 2 + height * pitch; i < end; i++) {
          assertThat(y[i]).as("behind the image, %d", i).isIn(UNTOUCHED, 0f);
        }
        assertThat(y[1]).isEqualTo(UNTOUCHED);
        assertThat(y[end]).isEqualTo(UNTOUCHED);
      }
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void packsImagesOfSomeChannelsAsOneByOne(TrainingKernels kernels, Shape shape) {
    int width = shape.width();
    int height = shape.height();
    int images = shape.batch();
    int pitch = width + 1;
    int plane = (height + 2) * pitch;
    int[] numbers = {3, 1, 4, 0, 2, 5};
    int end = 2 + images * plane + kernels.panel() / 4;
    int[] yAt = IntStream.range(0, numbers.length).map(n -> n * (end + 1)).toArray();
    for (Activation f : Activation.values()) {
      Random random = new Random(shape.hashCode());
      // Once with numbers behind the last row of all channels, once behind some.
      for (int behind : new int[] {0, 40}) {
        float[] mean = floats(random, 6);
        float[] scale = floats(random, 6);
        float[] bias = floats(random, 6);
        float[][] rows = new float[6][];
        Arrays.setAll(
            rows, r -> floats(random, 4 + images * height * width + (r == 1 ? 0 : behind)));
        int[] rowsAt = {0, 1, 0, 1, 0, 1};
        float[] y = untouched(numbers.length * (end + 1));
        float[] expected = y.clone();

        kernels.packImages(
            f, mean, scale, bias, rows, rowsAt, numbers, 3, width, height, images, y, yAt, 2, pitch,
            plane);

        for (int n = 0; n < numbers.length; n++) {
          int r = numbers[n];
          for (int image = 0; image < images; image++) {
            int at = rowsAt[r] + 3 + image * height * width;
            int to = yAt[n] + 2 + image * plane;
            kernels.packImage(
                f, mean[r], scale[r], bias[r], rows[r], at, width, height, expected, to, pitch);
            for (int i = to; i < to + height * pitch; i++) {
              // Where an array ends, numbers are computed one by one, and rounded once more.
              check(
                  y[i],
                  expected[i],
                  1e-6 * (1 + Math.abs(expected[i])) * (1 + Math.abs(scale[r])),
                  f + ", channel " + r + ", number " + i);
            }
            for (int i = to + height * pitch; i < to + plane; i++) {
              assertThat(y[i])
                  .as("between images, channel %d, number %d", r, i)
                  .isIn(UNTOUCHED, 0f);
            }
          }
          assertThat(y[yAt[n] + end]).isEqualTo(UNTOUCHED);
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void poolsAndSpreadsSquaresOfTwo(TrainingKernels kernels, Shape shape) {
    Random random = new Random(shape.hashCode());
    for (int width : new int[] {shape.width(), 2 * shape.width() + 31}) {
      int height = shape.height();
      int across = width / 2;
      int squares = height / 2 * across;
      float[] x = floats(random, 3 + height * width);
      float[] y = untouched(2 + squares + 1);
      float[] shares = untouched(1 + height * width + 1);

      kernels.poolPairs(x, 3, width, height, y, 2);
      kernels.spreadPairs(y, 2, shares, 1, width, height);

      for (int s = 0; s < squares; s++) {
        int at = 3 + 2 * (s / across) * width + 2 * (s % across);
        double sum = (double) x[at] + x[at + 1] + x[at + width] + x[at + width + 1];
        check(y[2 + s], sum / 4, 1e-6, "square " + s);
      }
      for (int i = 0; i < height * width; i++) {
        int row = i / width / 2;
        int column = i % width / 2;
        boolean covered = row < height / 2 && column < across;
        float expected = covered ? y[2 + row * across + column] / 4 : 0;
        check(shares[1 + i], expected, 0, "pixel " + i);
      }
      assertThat(y[1]).isEqualTo(UNTOUCHED);
      assertThat(y[2 + squares]).isEqualTo(UNTOUCHED);
      assertThat(shares[0]).isEqualTo(UNTOUCHED);
      assertThat(shares[1 + height * width]).isEqualTo(UNTOUCHED);
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void takesImagesOutOfFrames(TrainingKernels kernels, Shape shape) {
    Random random = new Random(shape.hashCode());
    for (int reach = 1; reach <= 3; reach++) {
      for (int width = shape.width(); width <= 15; width += 4) {
        int pixels = shape.height() * width;
        int pitch = width + reach;
        int plane = (shape.height() + reach) * pitch;
        float[] framed = floats(random, 3 + shape.batch() * plane + kernels.panel());
        float[] apart = untouched(shape.batch() * pixels + 2);
        float[] inPlace = framed.clone();

        kernels.unframe(framed, 3, width, shape.height(), shape.batch(), pitch, plane, apart, 1);
        kernels.unframe(inPlace, 3, width, shape.height(), shape.batch(), pitch, plane, inPlace, 3);

        for (int i = 0; i < shape.batch() * pixels; i++) {
          int row = i % pixels / width;
          float expected = framed[3 + i / pixels * plane + row * pitch + i % width];
          check(apart[1 + i], expected, 0, "pixel " + i);
          check(inPlace[3 + i], expected, 0, "pixel in place " + i);
        }
        assertThat(apart[0]).isEqualTo(UNTOUCHED);
        assertThat(apart[apart.length - 1]).isEqualTo(UNTOUCHED);
        assertThat(inPlace).startsWith(framed[0], framed[1], framed[2]);
      }
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void addsUpAndScalesImages(TrainingKernels kernels, Shape shape) {
    Random random = new Random(shape.hashCode());
    int images = shape.batch();
    int pixels = shape.height() * shape.width();
    float[] x = floats(random, shape.columns() + 3);
    float[] z = floats(random, shape.columns() + 2);
    float[] factors = floats(random, images + 4);
    float[] terms = floats(random, images + 5);
    float[] sums = untouched(images + 2);
    float[] products = untouched(images + 2);
    float[] scaled = untouched(shape.columns() + 2);
    float[] moved = x.clone();

    kernels.imageSums(x, 3, pixels, images, sums, 1);
    kernels.imageProducts(x, 3, z, 2, pixels, images, products, 1);
    kernels.scaleImages(x, 3, factors, 4, null, 0, pixels, images, scaled, 1);
    kernels.scaleImages(moved, 3, factors, 4, terms, 5, pixels, images, moved, 3);

    for (int n = 0; n < images; n++) {
      double sum = 0;
      double product = 0;
      double size = 0;
      for (int i = n * pixels; i < (n + 1) * pixels; i++) {
        sum += x[3 + i];
        product += (double) x[3 + i] * z[2 + i];
        size += Math.abs(x[3 + i]) * (1 + Math.abs(z[2 + i]));
        double factor = (double) x[3 + i] * factors[4 + n];
        check(scaled[1 + i], factor, ROUNDING * Math.abs(factor), "scaled " + i);
        double bound = 2 * ROUNDING * (Math.abs(factor) + Math.abs(terms[5 + n]));
        check(moved[3 + i], factor + terms[5 + n], bound, "moved " + i);
      }
      check(sums[1 + n], sum, pixels * ROUNDING * size, "sum of image " + n);
      check(products[1 + n], product, (pixels + 1) * ROUNDING * size, "product of image " + n);
    }
    for (float[] written : List.of(sums, products, scaled)) {
      assertThat(written[0]).isEqualTo(UNTOUCHED);
      assertThat(written[written.length - 1]).isEqualTo(UNTOUCHED);
    }
    assertThat(moved).startsWith(x[0], x[1], x[2]);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void takesPairsApart(TrainingKernels kernels, Shape shape) {
    int pairs = shape.columns();
    float[] x = floats(new Random(shape.hashCode()), 2 * pairs + 3);
    float[] y = untouched(2 * pairs + 5);
    int evenAt = pairs + 3;
    int oddAt = 1;

    kernels.splitPairs(x, 3, pairs, y, evenAt, oddAt);

    for (int i = 0; i < pairs; i++) {
      check(y[evenAt + i], x[3 + 2 * i], 0, "even " + i);
      check(y[oddAt + i], x[3 + 2 * i + 1], 0, "odd " + i);
    }
    for (int outside : new int[] {0, oddAt + pairs, evenAt - 1, evenAt + pairs}) {
      assertThat(y[outside]).isEqualTo(UNTOUCHED);
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void addsProductsOfRows(TrainingKernels kernels, Shape shape) {
    Random random = new Random(shape.hashCode());
    int panel = kernels.panel();
    int panels = panels(kernels, shape.columns());
    int columns = panels * panel;
    for (int few : new int[] {1, 2, 4}) {
      int many = TrainingKernels.DOTS / few;
      float[] p = floats(random, (many + 1) * columns + 1);
      float[] q = floats(random, few * columns + 3);
      // Neither in order nor side by side, and the first one does not count.
      int[] pRows =
          IntStream.range(0, many + 1)
              .map(r -> r == 0 ? -1 : r % 2 == 0 ? r * columns : r * columns + 1)
              .toArray();
      int[] qRows = IntStream.range(0, few).map(r -> 3 + r * columns).toArray();
      float[] before = floats(random, TrainingKernels.DOTS + 2);
      float[] sums = before.clone();

      kernels.dots(
          p, pRows, 1, q, qRows, 0, few, columns, sums, 1, new float[TrainingKernels.DOT_SCRATCH]);

      for (int a = 0; a < many; a++) {
        for (int b = 0; b < few; b++) {
          double sum = before[1 + few * a + b];
          double magnitude = Math.abs(sum);
          for (int i = 0; i < columns; i++) {
            double term = (double) p[pRows[1 + a] + i] * q[qRows[b] + i];
            sum += term;
            magnitude += Math.abs(term);
          }
          check(
              sums[1 + few * a + b],
              sum,
              (columns + 1) * ROUNDING * magnitude,
              "rows " + a + " and " + b + " of " + few);
        }
      }
      assertThat(sums[0]).isEqualTo(before[0]);
      assertThat(sums[TrainingKernels.DOTS + 1]).isEqualTo(before[TrainingKernels.DOTS + 1]);
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void unpacksRowsAndSums(TrainingKernels kernels, Shape shape) {
    Random random = new Random(shape.hashCode());
    int columns = shape.columns();
    int step = 2 * kernels.panel();
    float[] t = floats(random, panels(kernels, columns) * step);
    // Far from 0, where a variance that is not shifted would be lost.
    float[] base = floats(random, columns + 1);
    for (int i = 0; i < base.length; i++) {
      base[i] += 300;
    }
    for (boolean adds : new boolean[] {false, true}) {
      float[] y = untouched(columns + 2);
      float[] partial = new float[2 * TrainingKernels.PARTIAL + 2];
      partial[0] = UNTOUCHED;
      partial[partial.length - 1] = UNTOUCHED;
      float pivot = t[0] + (adds ? base[1] : 0);
      // In two parts, whose sums are added up.
      int first = columns / 2 / kernels.panel() * kernels.panel();
      int panels = first / kernels.panel();
      kernels.unpack(t, 0, step, adds ? base : null, 1, y, 1, first, pivot, partial, 1);
      kernels.unpack(
          t,
          panels * step,
          step,
          adds ? base : null,
          1 + first,
          y,
          1 + first,
          columns - first,
          pivot,
          partial,
          1);
      for (int i = 0; i < columns; i++) {
        float expected = t[at(kernels, 0, step, i)] + (adds ? base[1 + i] : 0);
        check(y[1 + i], expected, 0, "column " + i);
      }
      assertThat(y[0]).isEqualTo(UNTOUCHED);
      assertThat(y[columns + 1]).isEqualTo(UNTOUCHED);
      assertThat(partial[0]).isEqualTo(UNTOUCHED);
      assertThat(partial[partial.length - 1]).isEqualTo(UNTOUCHED);
      checkShifted(y, 1, columns, Arrays.copyOfRange(partial, 1, partial.length - 1));
      float[] again = untouched(2 * TrainingKernels.PARTIAL);
      kernels.shiftedSums(y, 1, columns, again);
      checkShifted(y, 1, columns, again);
    }
  }

  private static void checkShifted(float[] y, int from, int columns, float[] partial) {
    double sum = 0;
    double absolute = 0;
    double squares = 0;
    for (int i = 0; i < columns; i++) {
      double shifted = (double) y[from + i] - y[from];
      sum += shifted;
      absolute += Math.abs(shifted);
      squares += shifted * shifted;
    }
    check(TrainingKernels.total(partial, 0), sum, (columns + 1) * ROUNDING * absolute, "the sum");
    check(
        TrainingKernels.total(partial, 1),
        squares,
        (columns + 3) * ROUNDING * squares,
        "the squares");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void goesBackThroughTheActivation(TrainingKernels kernels, Shape shape) {
    Random random = new Random(shape.hashCode());
    int columns = shape.columns();
    int step = 2 * kernels.panel();
    float[] x = floats(random, columns + 1);
    // Where the derivative jumps, and what lies beyond.
    float[] kinks = {0, 3, -3, 5, -5};
    System.arraycopy(kinks, 0, x, 1, Math.min(kinks.length, columns));
    float[] da = floats(random, panels(kernels, columns) * step);
    for (Activation f : Activation.values()) {
      // Scale 1 and bias 0 keep the kinks where they are.
      float[][] settings = {{0, 1, 0}, {0.25f, 1.5f, -0.125f}};
      for (float[] s : settings) {
        float[] dz = untouched(columns + 2);
        float[] partial = untouched(2 * TrainingKernels.PARTIAL);
        kernels.activateBackward(
            f, s[0], s[1], s[2], x, 1, da, 0, step, 1, false, dz, 1, columns, partial, 0);
        double sum = 0;
        double products = 0;
        double absolute = 0;
        double absoluteProducts = 0;
        for (int i = 0; i < columns; i++) {
          double centred = (double) x[1 + i] - s[0];
          double gradient = da[at(kernels, 0, step, i)];
          double z = centred * s[1] + s[2];
          // A rounding of z next to a kink may fall on its other side.
          boolean nearKink = Math.abs(Math.abs(z) - 3) < 1e-5 || Math.abs(z) < 1e-6;
          if (s[1] == 1 || !nearKink) {
            check(
                dz[1 + i],
                gradient * slope(f, z),
                16 * ROUNDING * Math.abs(gradient) * (1 + Math.abs(z)),
                f + " at " + z);
          }
          sum += dz[1 + i];
          products += dz[1 + i] * centred;
          absolute += Math.abs(dz[1 + i]);
          absoluteProducts += Math.abs(dz[1 + i] * centred);
        }
        check(TrainingKernels.total(partial, 0), sum, (columns + 1) * ROUNDING * absolute, "sum");
        check(
            TrainingKernels.total(partial, 1),
            products,
            (columns + 3) * ROUNDING * absoluteProducts,
            "products");
        assertThat(dz[0]).isEqualTo(UNTOUCHED);
        assertThat(dz[columns + 1]).isEqualTo(UNTOUCHED);
      }
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void addsAMultipleOfTheGradientOrPutsItInPlace(TrainingKernels kernels, Shape shape) {
    Random random = new Random(shape.hashCode());
    int columns = shape.columns();
    float[] x = floats(random, columns + 1);
    float[] da = floats(random, panels(kernels, columns) * kernels.panel());
    float[] partial = new float[2 * TrainingKernels.PARTIAL];
    for (Activation f : Activation.values()) {
      float[] dz = da.clone();
      kernels.activateBackward(
          f,
          0.25f,
          1.5f,
          -0.125f,
          x,
          1,
          dz,
          0,
          kernels.panel(),
          1,
          false,
          dz,
          0,
          columns,
          partial,
          0);
      float[] before = floats(random, columns + 1);
      float[] dx = before.clone();
      float[] again = new float[2 * TrainingKernels.PARTIAL];
      kernels.activateBackward(
          f,
          0.25f,
          1.5f,
          -0.125f,
          x,
          1,
          da,
          0,
          kernels.panel(),
          -0.75f,
          true,
          dx,
          1,
          columns,
          again,
          0);
      for (int i = 0; i < columns; i++) {
        double expected = before[1 + i] - 0.75 * dz[i];
        double size = Math.abs(before[1 + i]) + Math.abs(dz[i]);
        check(dx[1 + i], expected, 4 * ROUNDING * size, f + " in column " + i);
      }
      assertThat(dx[0]).isEqualTo(before[0]);
      assertThat(again).isEqualTo(partial);
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void takesSomeRowsBackAsOneByOne(TrainingKernels kernels, Shape shape) {
    int columns = shape.columns();
    int[] numbers = {4, 1, 3, 0, 5};
    int step = (numbers.length + 1) * kernels.panel();
    int[] daAt = IntStream.of(0, 2, 1, 4, 3).map(row -> row * kernels.panel()).toArray();
    for (Activation f : Activation.values()) {
      for (boolean adds : new boolean[] {false, true}) {
        Random random = new Random(shape.hashCode());
        float[] mean = floats(random, 6);
        float[] scale = floats(random, 6);
        float[] bias = floats(random, 6);
        float[] factor = floats(random, 6);
        float[] da = floats(random, panels(kernels, columns) * step);
        float[][] x = rows(random, 6, columns + 5);
        float[][] dx = rows(random, 6, columns + 5);
        float[][] expected = Arrays.stream(dx).map(float[]::clone).toArray(float[][]::new);
        int[] at = {0, 1, 2, 0, 1, 2};
        float[] partial = new float[2 * TrainingKernels.PARTIAL * numbers.length];

        kernels.activateBackwardRows(
            f, mean, scale, bias, x, at, numbers, 2, da, daAt, step, factor, adds, dx, at, columns,
            partial);

        for (int n = 0; n < numbers.length; n++) {
          int r = numbers[n];
          int from = at[r] + 2;
          float[] sums = new float[3 + 2 * TrainingKernels.PARTIAL];
          kernels.activateBackward(
              f,
              mean[r],
              scale[r],
              bias[r],
              x[r],
              from,
              da,
              daAt[n],
              step,
              factor[r],
              adds,
              expected[r],
              from,
              columns,
              sums,
              3);
          float[] alone = Arrays.copyOfRange(sums, 3, sums.length);
          double bound = 100 * columns * ROUNDING;
          for (int which = 0; which < 2; which++) {
            double sum = TrainingKernels.total(alone, which);
            check(TrainingKernels.total(partial, 2 * n + which), sum, bound, "sum of row " + r);
          }
        }
        for (int r = 0; r < 6; r++) {
          for (int i = 0; i < dx[r].length; i++) {
            check(dx[r][i], expected[r][i], 1e-5, f + ", row " + r + ", column " + i);
          }
        }
        if (!adds) {
          float[][] inPlace = Arrays.stream(x).map(float[]::clone).toArray(float[][]::new);
          float[] again = new float[partial.length];
          kernels.activateBackwardRows(
              f, mean, scale, bias, inPlace, at, numbers, 2, da, daAt, step, factor, false, inPlace,
              at, columns, again);
          assertThat(again).as("sums of gradients in the place of inputs").isEqualTo(partial);
          for (int r : numbers) {
            assertThat(Arrays.copyOfRange(inPlace[r], at[r] + 2, at[r] + 2 + columns))
                .as("gradients in the place of inputs")
                .isEqualTo(Arrays.copyOfRange(dx[r], at[r] + 2, at[r] + 2 + columns));
          }
        }
      }
    }
  }

  private static float[][] rows(Random random, int count, int length) {
    float[][] rows = new float[count][];
    Arrays.setAll(rows, r -> floats(random, length));
    return rows;
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void addsWhatTheSumsTell(TrainingKernels kernels, Shape shape) {
    Random random = new Random(shape.hashCode());
    int columns = shape.columns();
    float[][] x = rows(random, 4, columns + 4);
    float[][] before = rows(random, 4, columns + 4);
    float[][] dx = Arrays.stream(before).map(float[]::clone).toArray(float[][]::new);
    float[][] y = rows(random, 4, columns + 4);
    float[] mean = floats(random, 4);
    float[] b = floats(random, 4);
    float[] c = floats(random, 4);
    int[] at = {0, 1, 1, 0};
    int[] yAt = {1, 0, 0, 1};
    int[] numbers = {2, 0, 3};
    CentredRows terms = new CentredRows(x, at, mean, b, c);
    kernels.addCentred(terms, dx, at, numbers, 2, columns, false, y, yAt, 1);
    for (int row : numbers) {
      assertThat(dx[row]).isEqualTo(before[row]);
    }
    float[][] again = rows(random, 4, columns + 4);
    float[][] kept = Arrays.stream(before).map(float[]::clone).toArray(float[][]::new);
    kernels.addCentred(terms, kept, at, numbers, 2, columns, true, again, yAt, 1);
    kernels.addCentred(terms, dx, at, numbers, 2, columns, false, dx, at, 2);
    for (int row : numbers) {
      int from = at[row] + 2;
      for (int i = 0; i < columns; i++) {
        double centred = (double) x[row][from + i] - mean[row];
        double expected = before[row][from + i] + b[row] * centred + c[row];
        double size = 3 + Math.abs(b[row] * centred) + Math.abs(before[row][from + i]);
        check(dx[row][from + i], expected, 16 * ROUNDING * size, row + ", " + i);
        assertThat(y[row][yAt[row] + 1 + i]).isEqualTo(dx[row][from + i]);
        assertThat(again[row][yAt[row] + 1 + i]).isEqualTo(dx[row][from + i]);
        assertThat(kept[row][from + i]).isEqualTo(dx[row][from + i]);
      }
      assertThat(dx[row][from - 1]).isEqualTo(before[row][from - 1]);
      assertThat(dx[row][from + columns]).isEqualTo(before[row][from + columns]);
    }
    assertThat(dx[1]).isEqualTo(before[1]);
  }
}
