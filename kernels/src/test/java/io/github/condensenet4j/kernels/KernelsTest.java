package io.github.condensenet4j.kernels;

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
 * absolute products. Six times hard-swish has a slope of up to 9, before a sum and after it.
 */
class KernelsTest {

  private static final float UNTOUCHED = -77;

  /**
   * One way to call an operation.
   *
   * @param rows outputs of each group
   * @param depth inputs of each group
   */
  private record Shape(int batch, int height, int width, int groups, int rows, int depth) {
    int columns() {
      return batch * height * width;
    }
  }

  private static List<Named<Kernels>> implementations() {
    List<Named<Kernels>> all = new ArrayList<>();
    all.add(Named.of(KernelProvider.plain().description(), KernelProvider.plain()));
    if (KernelProvider.fastest() != KernelProvider.plain()) {
      all.add(Named.of(KernelProvider.fastest().description(), KernelProvider.fastest()));
    }
    return all;
  }

  static Stream<Arguments> cases() {
    List<Shape> shapes = new ArrayList<>();
    int[][] planes = {{1, 1}, {1, 7}, {3, 5}, {7, 7}, {14, 13}, {17, 16}};
    for (int[] plane : planes) {
      for (int batch : new int[] {1, 7}) {
        shapes.add(new Shape(batch, plane[0], plane[1], 1, 13, 5));
        shapes.add(new Shape(batch, plane[0], plane[1], 2, 8, 1));
        shapes.add(new Shape(batch, plane[0], plane[1], 3, 3, 7));
        shapes.add(new Shape(batch, plane[0], plane[1], 4, 16, 2));
        shapes.add(new Shape(batch, plane[0], plane[1], 6, 1, 3));
        shapes.add(new Shape(batch, plane[0], plane[1], 16, 2, 4));
      }
    }
    shapes.add(new Shape(1, 33, 31, 3, 7, 9));
    shapes.add(new Shape(7, 33, 31, 2, 3, 4));
    shapes.add(new Shape(1, 113, 112, 8, 4, 5));
    shapes.add(new Shape(1, 225, 225, 1, 5, 3));
    shapes.add(new Shape(1, 225, 225, 2, 1, 1));
    shapes.add(new Shape(1, 29, 40, 4, 1, 4));
    shapes.add(new Shape(1, 30, 28, 3, 2, 5));
    shapes.add(new Shape(1, 57, 31, 2, 2, 1));
    shapes.add(new Shape(1, 7, 9, 1, 65, 300));
    shapes.add(new Shape(7, 2, 9, 3, 24, 129));
    return implementations().stream()
        .flatMap(kernels -> shapes.stream().map(shape -> Arguments.of(kernels, shape)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void multipliesAsTheFormulaSays(Kernels kernels, Shape shape) {
    Random random = new Random(shape.hashCode());
    Nonlinearity[] all = Nonlinearity.values();
    for (Nonlinearity before : all) {
      checkProduct(kernels, shape, before, all[random.nextInt(all.length)], random);
    }
  }

  private static void checkProduct(
      Kernels kernels, Shape shape, Nonlinearity before, Nonlinearity after, Random random) {
    int columns = shape.columns();
    int all = shape.groups() * shape.rows();
    int inputRows = shape.groups() * shape.depth();
    float[] w = floats(random, all * shape.depth());
    float[] bias = floats(random, all);
    float[] scale = floats(random, inputRows);
    float[] shift = floats(random, inputRows);
    float[] x = floats(random, (inputRows + 1) * (columns + 3));
    float[] mask = mask(random, columns + 2);
    boolean normalizes = random.nextBoolean();
    boolean masks = random.nextBoolean();
    boolean accumulates = after == Nonlinearity.NONE && random.nextBoolean();
    // Gathered, not in order, and some inputs more than once.
    int[] inputs = random.ints(inputRows, 0, inputRows).map(row -> row * (columns + 3)).toArray();
    int[] outputs = shuffled(random, all, columns + 1);
    boolean wide = shape.groups() == 1 && random.nextBoolean();
    GroupWeights weights =
        (wide
                ? GroupWeights.wide(all, shape.depth(), w)
                : GroupWeights.of(shape.groups(), shape.rows(), shape.depth(), w))
            .withBias(bias)
            .activating(after);
    if (normalizes) {
      weights = weights.normalizing(new Normalization(scale, shift, before));
    }
    float[] y = floats(random, all * (columns + 1) + 4);
    float[] found = y.clone();
    GroupProduct product = new GroupProduct(weights, inputs, 0, outputs, accumulates);

    kernels.product(
        product,
        0,
        all,
        x,
        1,
        found,
        2,
        columns,
        masks ? mask : null,
        2,
        new float[kernels.scratchLength(weights)]);

    for (int row = 0; row < all; row++) {
      int group = row / shape.rows();
      for (int i = 0; i < columns; i++) {
        int at = 2 + outputs[row] + i;
        double sum = accumulates ? y[at] : bias[row];
        double magnitude = 1 + Math.abs(sum);
        for (int k = 0; k < shape.depth(); k++) {
          int input = group * shape.depth() + k;
          double value = x[1 + inputs[input] + i];
          double taken = normalizes ? apply(before, scale[input] * value + shift[input]) : value;
          sum += w[row * shape.depth() + k] * taken;
          magnitude += Math.abs(w[row * shape.depth() + k]) * (Math.abs(taken) + 1);
        }
        double expected = accumulates ? sum : apply(after, sum) * (masks ? mask[2 + i] : 1);
        double tolerance = (shape.depth() + 8) * 0x1p-24 * 9 * magnitude;
        // Asserting each of a million values takes longer than computing them.
        if (!(Math.abs(found[at] - expected) <= tolerance)) {
          assertThat((double) found[at])
              .as("row %d, column %d, %s before and %s after", row, i, before, after)
              .isCloseTo(expected, within(tolerance));
        }
        y[at] = found[at];
      }
    }
    assertThat(Arrays.mismatch(found, y)).as("first write beside the outputs").isNegative();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void givesTheBitsOfPlainLoops(Kernels kernels, Shape shape) {
    assertThat(
            Arrays.mismatch(everything(kernels, shape), everything(KernelProvider.plain(), shape)))
        .as("first wrong place")
        .isNegative();
  }

  /** Returns what products and means of all kinds give for {@code shape}. */
  private static float[] everything(Kernels kernels, Shape shape) {
    Random random = new Random(shape.hashCode());
    int columns = shape.columns();
    int all = shape.groups() * shape.rows();
    int inputRows = shape.groups() * shape.depth();
    float[] x = floats(random, inputRows * columns);
    float[] mask = mask(random, columns);
    float[] results = new float[3 * all * columns + 4 * inputRows];
    GroupWeights plain =
        GroupWeights.of(
                shape.groups(), shape.rows(), shape.depth(), floats(random, all * shape.depth()))
            .withBias(floats(random, all));
    int at = 0;
    for (Nonlinearity nonlinearity : Nonlinearity.values()) {
      Normalization normalization =
          new Normalization(floats(random, inputRows), floats(random, inputRows), nonlinearity);
      GroupWeights weights = plain.normalizing(normalization).activating(nonlinearity);
      float[] scratch = new float[kernels.scratchLength(weights)];
      for (boolean accumulates : new boolean[] {false, true, true}) {
        // The second sum is added to the first.
        GroupProduct product =
            new GroupProduct(
                accumulates ? plain : weights,
                rows(inputRows, columns),
                0,
                rows(all, columns),
                accumulates);
        kernels.product(product, 0, all, x, 0, results, at, columns, mask, 0, scratch);
      }
      at += all * columns;
      kernels.means(
          normalization, 0, inputRows, x, 0, columns, columns, mask, 0, 0.1f, results, at, 1);
      at += inputRows;
    }
    kernels.means(null, 0, inputRows, x, 0, columns, columns, mask, 0, 0.1f, results, at, 1);
    return results;
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void convolvesRangesOfAnImageToTheBitsOfPlainLoops(Kernels kernels, Shape shape) {
    Random random = new Random(shape.hashCode());
    int pitch = shape.width() + 1;
    int columns = shape.height() * pitch;
    int plane = columns + 2 * pitch + 2;
    int all = shape.groups() * shape.rows();
    int[] taps = new int[9 * shape.depth()];
    for (int tap = 0; tap < taps.length; tap++) {
      taps[tap] = tap / 9 * plane + (tap % 9 / 3 - 1) * pitch + tap % 3 - 1;
    }
    GroupWeights weights =
        GroupWeights.of(
                shape.groups(), shape.rows(), taps.length, floats(random, all * taps.length))
            .withBias(floats(random, all));
    GroupProduct product =
        new GroupProduct(
            weights, taps, shape.depth() * plane, pitch, shuffled(random, all, columns), false);
    float[] x = floats(random, shape.groups() * shape.depth() * plane);
    float[] expected = new float[all * columns];
    KernelProvider.plain()
        .product(product, 0, all, x, pitch + 1, expected, 0, columns, null, 0, new float[0]);

    float[] found = new float[all * columns];
    int middle = random.nextInt(columns + 1);
    kernels.product(product, 0, all, x, pitch + 1, found, 0, middle, null, 0, new float[0]);
    kernels.product(
        product,
        0,
        all,
        x,
        pitch + 1 + middle,
        found,
        middle,
        columns - middle,
        null,
        0,
        new float[0]);

    assertThat(Arrays.mismatch(found, expected)).as("first wrong place").isNegative();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void multipliesRangesToTheSameBits(Kernels kernels, Shape shape) {
    Random random = new Random(shape.hashCode());
    int columns = shape.columns();
    int all = shape.groups() * shape.rows();
    GroupWeights weights =
        GroupWeights.of(
                shape.groups(), shape.rows(), shape.depth(), floats(random, all * shape.depth()))
            .activating(Nonlinearity.SIX_HARD_SWISH)
            .normalizing(
                new Normalization(
                    floats(random, shape.groups() * shape.depth()),
                    floats(random, shape.groups() * shape.depth()),
                    Nonlinearity.RELU));
    int[] inputs = rows(shape.depth(), columns);
    GroupProduct product =
        new GroupProduct(weights, inputs, shape.depth() * columns, rows(all, columns), false);
    float[] x = floats(random, shape.groups() * shape.depth() * columns);
    float[] scratch = new float[kernels.scratchLength(weights)];
    float[] whole = new float[all * columns];
    kernels.product(product, 0, all, x, 0, whole, 0, columns, null, 0, scratch);

    float[] parts = new float[all * columns];
    int middle = random.nextInt(columns + 1);
    for (int row = 0; row < all; row += shape.rows()) {
      int to = row + shape.rows();
      kernels.product(product, row, to, x, 0, parts, 0, middle, null, 0, scratch);
      kernels.product(
          product, row, to, x, middle, parts, middle, columns - middle, null, 0, scratch);
    }

    assertThat(Arrays.mismatch(parts, whole)).as("first wrong place").isNegative();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void multipliesOneColumnAsManyToTheSameBits(Kernels kernels, Shape shape) {
    Random random = new Random(shape.hashCode());
    int all = shape.groups() * shape.rows();
    GroupWeights weights =
        GroupWeights.wide(all, shape.depth(), floats(random, all * shape.depth()))
            .withBias(floats(random, all))
            .activating(Nonlinearity.SIX_HARD_SWISH);
    float[] x = floats(random, 16 * shape.depth());
    int[] inputs = shuffled(random, shape.depth(), 16);
    float[] many = new float[16 * all];
    kernels.product(
        new GroupProduct(weights, inputs, 0, rows(all, 16), false),
        0,
        all,
        x,
        0,
        many,
        0,
        16,
        null,
        0,
        new float[0]);

    float[] one = new float[weights.storedRows() + 1];
    one[weights.storedRows()] = UNTOUCHED;
    int middle = Math.min(all, 64);
    kernels.column(weights, inputs, 0, middle, x, 3, one, 0);
    kernels.column(weights, inputs, middle, all, x, 3, one, 0);

    for (int row = 0; row < all; row++) {
      assertThat(one[row]).as("row %d", row).isEqualTo(many[16 * row + 3]);
    }
    assertThat(one[weights.storedRows()]).isEqualTo(UNTOUCHED);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void averagesRows(Kernels kernels, Shape shape) {
    Random random = new Random(shape.hashCode());
    int columns = shape.columns();
    int rows = shape.groups();
    float[] x = floats(random, 2 + rows * (columns + 1));
    float[] mask = mask(random, columns + 1);
    float[] scale = floats(random, rows);
    float[] shift = floats(random, rows);
    for (Nonlinearity nonlinearity : Nonlinearity.values()) {
      Normalization normalization =
          nonlinearity == Nonlinearity.NONE && random.nextBoolean()
              ? null
              : new Normalization(scale, shift, nonlinearity);
      float[] means = new float[3 * rows + 1];
      kernels.means(
          normalization, 0, rows, x, 2, columns + 1, columns, mask, 1, 1f / columns, means, 1, 3);
      for (int row = 0; row < rows; row++) {
        double sum = 0;
        double magnitude = 1;
        for (int i = 0; i < columns; i++) {
          double value = x[2 + row * (columns + 1) + i];
          double taken =
              normalization == null ? value : apply(nonlinearity, scale[row] * value + shift[row]);
          sum += mask[1 + i] * taken;
          magnitude += Math.abs(taken) + 1;
        }
        assertThat((double) means[1 + 3 * row])
            .isCloseTo(sum / columns, within((columns + 8) * 0x1p-24 * 9 * magnitude / columns));
      }
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void scalesRows(Kernels kernels, Shape shape) {
    Random random = new Random(shape.hashCode());
    int columns = shape.columns();
    int rows = shape.groups();
    float[] x = floats(random, 2 + rows * (columns + 1));
    float[] factors = floats(random, rows + 1);
    float[] expected = x.clone();
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < columns; i++) {
        expected[2 + row * (columns + 1) + i] *= factors[1 + row];
      }
    }

    kernels.scale(x, 2, columns + 1, rows, columns, factors, 1);

    assertThat(Arrays.mismatch(x, expected)).as("first wrong place").isNegative();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void averagesSquares(Kernels kernels, Shape shape) {
    Random random = new Random(shape.hashCode());
    int height = shape.height();
    int width = shape.width();
    int xPitch = 2 * width + 3;
    int yPitch = width + 1;
    float[] x = floats(random, 1 + 2 * height * xPitch);
    float[] y = floats(random, 2 + height * yPitch);
    float[] expected = y.clone();
    for (int row = 0; row < height; row++) {
      for (int i = 0; i < width; i++) {
        int at = 1 + 2 * row * xPitch + 2 * i;
        expected[2 + row * yPitch + i] =
            (x[at] + x[at + xPitch] + (x[at + 1] + x[at + xPitch + 1])) / 4;
      }
    }

    kernels.average2x2(x, 1, xPitch, y, 2, yPitch, height, width);

    for (int row = 1; row < height; row++) {
      // Between rows anything may stand; before the first and after the last nothing was written.
      expected[1 + row * yPitch] = y[1 + row * yPitch];
    }
    assertThat(Arrays.mismatch(y, expected)).as("first wrong place").isNegative();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void copiesEveryFewNumbersAndSeesWhatIsNone(Kernels kernels, Shape shape) {
    Random random = new Random(shape.hashCode());
    int count = shape.columns();
    for (int step = 1; step <= 3; step++) {
      // The array ends where the last number is taken.
      float[] x = floats(random, 3 + step * (count - 1));
      float[] y = floats(random, count + 2);
      float[] expected = y.clone();
      for (int i = 0; i < count; i++) {
        expected[1 + i] = x[2 + step * i];
      }

      assertThat(kernels.copyEvery(step, x, 2, y, 1, count)).isTrue();
      assertThat(Arrays.mismatch(y, expected)).as("first wrong place").isNegative();

      float[] none = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
      x[2 + step * random.nextInt(count)] = none[random.nextInt(none.length)];
      assertThat(kernels.copyEvery(step, x, 2, y, 1, count)).isFalse();
    }
  }

  private static double apply(Nonlinearity nonlinearity, double x) {
    return switch (nonlinearity) {
      case NONE -> x;
      case RELU -> Math.max(x, 0);
      case SIX_HARD_SWISH -> x * Math.min(Math.max(x + 3, 0), 6);
    };
  }

  /** Returns numbers from -2 to 2. */
  private static float[] floats(Random random, int length) {
    float[] floats = new float[length];
    for (int i = 0; i < length; i++) {
      floats[i] = 4 * random.nextFloat() - 2;
    }
    return floats;
  }

  private static float[] mask(Random random, int length) {
    float[] mask = new float[length];
    for (int i = 0; i < length; i++) {
      mask[i] = random.nextInt(8) == 0 ? 0 : 1;
    }
    return mask;
  }

  private static int[] rows(int count, int stride) {
    return IntStream.range(0, count).map(row -> row * stride).toArray();
  }

  private static int[] shuffled(Random random, int count, int stride) {
    int[] rows = rows(count, stride);
    for (int i = count - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int row = rows[i];
      rows[i] = rows[other];
      rows[other] = row;
    }
    assertThat(Arrays.stream(rows).distinct().count()).isEqualTo(count);
    return rows;
  }
}
