package io.github.condensenet4j.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.core.architecture.Activation;
import io.github.condensenet4j.core.condensation.StageRule;
import io.github.condensenet4j.kernels.training.TrainingKernelProvider;
import io.github.condensenet4j.layers.arithmetic.Arithmetic;
import io.github.condensenet4j.layers.arithmetic.ArrayArithmetic;
import io.github.condensenet4j.layers.arithmetic.PlainArithmetic;
import io.github.condensenet4j.layers.arithmetic.Workers;
import io.github.condensenet4j.layers.fused.FusedArithmetic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Arithmetics in float against ND4J's operations in double: the same layers, the same numbers. */
class ArithmeticAgreementTest {

  /** Rounding of float sums over up to some thousands of products, of either sign. */
  private static final double BOUND = 1e-5;

  private final int threads = Workers.threads();

  @AfterEach
  void useAsManyThreadsAsBefore() {
    Workers.setThreads(threads);
  }

  static Stream<Arguments> layers() {
    Map<String, CondenseNetLayer> layers = SampleLayers.all();
    layers.put(
        "wide dense block with dropout",
        SampleLayers.denseBlock()
            .growth(16)
            .bottleneck(4)
            .groupTrans(4)
            .dropRate(0.3)
            .activation(Activation.HARD_SWISH)
            .build());
    // Its second layer has fewer outputs than inputs, and too many for its rows to go one by one.
    layers.put(
        "dense block with narrow bottlenecks",
        SampleLayers.denseBlock().growth(24).bottleneck(1).build());
    // Its last layer has groups as wide as slabs, and more than 64 inputs for each output.
    layers.put(
        "dense block with wide groups",
        SampleLayers.denseBlock().growth(64).bottleneck(1).groupTrans(2).build());
    layers.put(
        "group convolution with a stride of three",
        GroupConvolution.builder().nOut(6).groups(2).kernelSize(5).stride(3).padding(1).build());
    layers.put(
        "group convolution that passes pixels over",
        GroupConvolution.builder().nOut(6).groups(2).kernelSize(2).stride(4).padding(3).build());
    layers.put(
        "convolution of a wide frame", Convolution.builder().nOut(5).stride(2).padding(3).build());
    return layers.entrySet().stream().map(kind -> Arguments.of(kind.getKey(), kind.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void agreeWithNd4j(String name, CondenseNetLayer layer) {
    layer.inChannels(SampleLayers.CHANNELS);
    // Several images a tile and several tiles; one image larger than a tile; one image of one
    // pixel; more images than a panel has columns.
    for (long[] size : new long[][] {{37, 8, 6, 5}, {1, 8, 41, 30}, {2, 8, 2, 2}, {150, 8, 2, 2}}) {
      assertAgreement(name, layer, size, 0.3);
    }
  }

  // More than 8,192 connections, and less than half of the weights.
  @Test
  void agreeWhereManyOfManyConnectionsAreDropped() {
    CondenseNetLayer layer =
        LearnedGroupConvolution.builder().nOut(160).groups(4).condenseFactor(4).build();
    layer.inChannels(256);
    assertAgreement("learned group convolution", layer, new long[] {3, 256, 5, 4}, 1);
  }

  private static void assertAgreement(
      String name, CondenseNetLayer layer, long[] size, double progress) {
    INDArray x = randomNormal(size);
    Map<String, INDArray> expected =
        run(layer, x, progress, DataType.DOUBLE, new ArrayArithmetic(DataType.DOUBLE));
    for (int count = 1; count <= 3; count++) {
      Workers.setThreads(count);
      for (Arithmetic arithmetic : inFloat()) {
        Map<String, INDArray> actual = run(layer, x, progress, DataType.FLOAT, arithmetic);
        expected.forEach(
            (quantity, array) ->
                assertThat(Closeness.largestDifference(actual.get(quantity), array))
                    .as(
                        "%s of %d×%d×%d, %s on %s",
                        quantity, size[0], size[2], size[3], name, arithmetic)
                    .isLessThan(BOUND));
      }
    }
  }

  private static List<Arithmetic> inFloat() {
    List<Arithmetic> all = new ArrayList<>();
    all.add(new PlainArithmetic());
    all.add(new FusedArithmetic(TrainingKernelProvider.plain()));
    TrainingKernelProvider.simd().ifPresent(simd -> all.add(new FusedArithmetic(simd)));
    return all;
  }

  private static INDArray randomNormal(long... shape) {
    Nd4j.getRandom().setSeed(41);
    // Away from the mean of 0, where careless variances lose digits.
    return Nd4j.randn(DataType.DOUBLE, shape).addi(3);
  }

  private static Map<String, INDArray> run(
      CondenseNetLayer layer, INDArray x, double progress, DataType type, Arithmetic arithmetic) {
    RunningLayer running = new RunningLayer(layer, type, arithmetic);
    for (String name : running.layer().paramTable().keySet()) {
      if (name.endsWith("weight") || name.endsWith("bias")) {
        INDArray array = running.layer().getParam(name);
        Nd4j.getRandom().setSeed(name.hashCode());
        array.assign(Nd4j.randn(DataType.DOUBLE, array.shape()).muli(0.3).addi(0.2));
      }
    }
    running
        .layer()
        .learnedConnections()
        .forEach(connections -> connections.advance(progress, StageRule.CATCHING_UP));
    Map<String, INDArray> quantities = new LinkedHashMap<>();
    quantities.put("inference", running.forward(x, false));
    // Twice, so that memory of a step is used again by the next one.
    running.backward(running.forward(x, true).dup());
    INDArray y = running.forward(x, true);
    quantities.put("output", y);
    Nd4j.getRandom().setSeed(43);
    quantities.put(
        "gradient of the input", running.backward(Nd4j.randn(DataType.DOUBLE, y.shape())));
    running.trained().forEach(name -> quantities.put(name, running.gradient(name).dup()));
    running
        .layer()
        .paramTable()
        .forEach(
            (name, array) -> {
              if (name.contains("running")) {
                quantities.put(name, array.dup());
              }
            });
    running.layer().omitInputGradient(true);
    Nd4j.getRandom().setSeed(43);
    running.forward(x, true);
    assertThat(running.backward(Nd4j.randn(DataType.DOUBLE, y.shape()))).isNull();
    running
        .trained()
        .forEach(
            name -> quantities.put(name + ", of the input none", running.gradient(name).dup()));
    return quantities;
  }
}
