package io.github.condensenet4j.benchmarks;

import io.github.condensenet4j.kernels.GroupProduct;
import io.github.condensenet4j.kernels.GroupWeights;
import io.github.condensenet4j.kernels.KernelProvider;
import io.github.condensenet4j.kernels.Kernels;
import io.github.condensenet4j.kernels.Nonlinearity;
import io.github.condensenet4j.kernels.Normalization;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The learned 1×1 and the 3×3 convolution of one dense layer, one image, one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ProductBenchmark {

  /** Which kernels. */
  @Param({"fastest", "plain"})
  public String kernels;

  /** Layer as {@code size-before-between-growth}: pixels along a side, then channels. */
  @Param({"112-16-64-8", "28-272-256-32", "7-1200-1024-128"})
  public String layer;

  private static final int GROUPS = 8;

  private Kernels implementation;
  private GroupProduct pointwise;
  private GroupProduct spatial;
  private int columns;
  private float[] features;
  private float[] middle;
  private float[] grown;
  private float[] scratch;

  /** Makes the layer. */
  @Setup
  public void makeLayer() {
    implementation = kernels.equals("plain") ? KernelProvider.plain() : KernelProvider.fastest();
    int[] numbers = IntStream.of(parse(layer)).toArray();
    int size = numbers[0];
    int in = numbers[1];
    int between = numbers[2];
    int growth = numbers[3];
    // As in the engine: a zero column right of each row, zero rows above and below each plane.
    int pitch = size + 1;
    columns = size * pitch;
    int plane = columns + 2 * pitch + 2;
    Random random = new Random(1);
    features = random(in * plane, random);
    middle = random(between * plane, random);
    grown = new float[growth * plane];
    int depth = in / GROUPS;
    pointwise =
        new GroupProduct(
            GroupWeights.of(GROUPS, between / GROUPS, depth, random(between * depth, random))
                .normalizing(
                    new Normalization(random(in, random), random(in, random), Nonlinearity.RELU))
                .activating(Nonlinearity.RELU),
            random.ints(in, 0, in).map(channel -> pitch + 1 + channel * plane).toArray(),
            0,
            IntStream.range(0, between).map(row -> pitch + 1 + row * plane).toArray(),
            false);
    int wide = between / GROUPS;
    int[] taps = new int[wide * 9];
    for (int i = 0; i < taps.length; i++) {
      int tap = i % 9;
      taps[i] = i / 9 * plane + tap / 3 * pitch + tap % 3;
    }
    spatial =
        new GroupProduct(
            GroupWeights.of(GROUPS, growth / GROUPS, wide * 9, random(growth * wide * 9, random)),
            taps,
            wide * plane,
            IntStream.range(0, growth).map(row -> pitch + 1 + row * plane).toArray(),
            false);
    scratch =
        new float
            [Math.max(
                implementation.scratchLength(pointwise.weights()),
                implementation.scratchLength(spatial.weights()))];
  }

  /** Learned 1×1 convolution of gathered channels, normalised and activated before and after. */
  @Benchmark
  public float[] pointwise() {
    return product(pointwise, features, middle);
  }

  /** 3×3 group convolution as nine shifts. */
  @Benchmark
  public float[] spatial() {
    return product(spatial, middle, grown);
  }

  private float[] product(GroupProduct product, float[] x, float[] y) {
    implementation.product(
        product, 0, product.weights().allRows(), x, 0, y, 0, columns, null, 0, scratch);
    return y;
  }

  private static int[] parse(String layer) {
    String[] words = layer.split("-", -1);
    return IntStream.range(0, words.length).map(i -> Integer.parseInt(words[i])).toArray();
  }

  private static float[] random(int count, Random random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
