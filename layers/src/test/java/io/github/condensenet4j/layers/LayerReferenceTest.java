package io.github.condensenet4j.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.core.architecture.Activation;
import io.github.condensenet4j.core.condensation.CondensationState;
import io.github.condensenet4j.core.condensation.StageRule;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.numpy.NpzFile;
import io.github.condensenet4j.core.tensor.Tensor;
import io.github.condensenet4j.fixtures.Reference;
import io.github.condensenet4j.layers.arithmetic.Arithmetic;
import io.github.condensenet4j.layers.arithmetic.ArrayArithmetic;
import io.github.condensenet4j.layers.arithmetic.PlainArithmetic;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Each layer alone against the official code: every file that the manifest of {@code
 * reference/layers} lists, every stage, inference and training.
 */
class LayerReferenceTest {

  /**
   * Largest difference, relative to the largest value of the quantity. The reference is float32 of
   * another summation order: sums of some dozens to some hundreds of products, a rounding of 6e-8
   * each, come out within 5e-6.
   */
  private static final double BOUND = 5e-6;

  private Supplier<Arithmetic> arithmetic;

  @TestFactory
  Stream<DynamicTest> agreesWithTheOfficialLayers() {
    JsonValue files = JsonValue.read(Reference.of("layers/manifest.json")).get("files");
    return files.keys().stream().flatMap(name -> checks(name, files.get(name)));
  }

  private static Stream<DynamicTest> checks(String name, JsonValue file) {
    Map<String, Supplier<Arithmetic>> kinds =
        Map.of(
            "plain loops",
            PlainArithmetic::new,
            "ND4J arrays",
            () -> new ArrayArithmetic(DataType.FLOAT));
    return kinds.entrySet().stream()
        .map(
            kind ->
                DynamicTest.dynamicTest(
                    name + ", " + kind.getKey(), () -> check(name, file, kind.getValue())));
  }

  private static void check(String name, JsonValue file, Supplier<Arithmetic> arithmetic) {
    LayerReferenceTest test = new LayerReferenceTest();
    test.arithmetic = arithmetic;
    test.check(file, NpzFile.read(Reference.of("layers/" + name)));
  }

  private void check(JsonValue file, Map<String, Tensor> arrays) {
    String kind = file.get("kind").text().split("\\W+", 2)[0];
    switch (kind) {
      case "ShuffleLayer" -> checkShuffle(arrays);
      case "HS" -> checkHardSwish(arrays);
      case "LGC", "SFR" -> {
        checkRuns(configuration(kind, file), "", arrays);
        checkCondensation(configuration(kind, file), file, arrays);
      }
      case "_SFR_DenseLayer" -> checkRuns(configuration(kind, file), "denselayer1.", arrays);
      default -> checkRuns(configuration(kind, file), "", arrays);
    }
  }

  private static CondenseNetLayer configuration(String kind, JsonValue file) {
    return switch (kind) {
      case "LGC" ->
          LearnedGroupConvolution.builder()
              .nIn(file.get("in_channels").integer())
              .nOut(file.get("out_channels").integer())
              .groups(file.get("groups").integer())
              .condenseFactor(file.get("condense_factor").integer())
              .activation(activation(file))
              .build();
      case "SFR" ->
          SparseFeatureReactivation.builder()
              .nIn(file.get("in_channels").integer())
              .nOut(file.get("out_channels").integer())
              .groups(file.get("groups").integer())
              .condenseFactor(file.get("condense_factor").integer())
              .activation(activation(file))
              .build();
      case "Conv" ->
          GroupConvolution.builder()
              .nIn(file.get("in_channels").integer())
              .nOut(file.get("out_channels").integer())
              .groups(file.get("groups").integer())
              .stride(file.get("stride").integer())
              .padding(file.get("padding").integer())
              .activation(activation(file))
              .build();
      case "SELayer" ->
          SqueezeExcitation.builder()
              .nIn(file.get("channels").integer())
              .reduction(file.get("reduction").integer())
              .build();
      case "_SFR_DenseLayer" ->
          DenseBlock.builder()
              .nIn(file.get("in_channels").integer())
              .layers(1)
              .growth(file.get("growth").integer())
              .bottleneck(file.get("bottleneck").integer())
              .group1x1(file.get("groups").integer())
              .group3x3(file.get("groups").integer())
              .condenseFactor(file.get("condense_factor").integer())
              .groupTrans(file.get("groups").integer())
              .transFactor(file.get("condense_factor").integer())
              .activation(activation(file))
              .squeeze(file.get("use_se").bool())
              .build();
      default -> throw new IllegalArgumentException("kind " + kind);
    };
  }

  private static Activation activation(JsonValue file) {
    return file.get("activation").text().equals("HS") ? Activation.HARD_SWISH : Activation.RELU;
  }

  /** Checks all quantities that begin with {@code stage2.train.}, {@code eval.} and the like. */
  private void checkRuns(
      CondenseNetLayer configuration, String prefix, Map<String, Tensor> arrays) {
    List<String> runs =
        arrays.keySet().stream()
            .filter(name -> name.matches("(stage\\d+\\.)?(eval|train)\\.y"))
            .map(name -> name.substring(0, name.length() - 1))
            .toList();
    assertThat(runs).isNotEmpty();
    for (String run : runs) {
      RunningLayer layer = new RunningLayer(configuration, DataType.FLOAT, arithmetic.get());
      layer.set(parametersAt(run, prefix, arrays));
      INDArray y = layer.forward(array(arrays, "x"), run.endsWith("train."));
      assertClose(run + "y", y, arrays);
      assertClose(run + "grad.x", layer.backward(array(arrays, "grad_out")), arrays);
      for (String name : arrays.keySet()) {
        if (name.startsWith(run + "grad.") && !name.endsWith(".x")) {
          String parameter = prefix + name.substring((run + "grad.").length());
          assertClose(name, layer.gradient(parameter), arrays);
        } else if (name.startsWith(run + "after.")) {
          assertClose(
              name, layer.parameter(prefix + name.substring((run + "after.").length())), arrays);
        }
      }
      assertThat(layer.trained())
          .allSatisfy(name -> assertThat(layer.gradient(name)).as(name).isNotNull());
    }
  }

  /**
   * Returns the arrays named like parameters, with the masks of the stage that {@code run} names.
   */
  private static Map<String, Tensor> parametersAt(
      String run, String prefix, Map<String, Tensor> arrays) {
    Map<String, Tensor> parameters =
        arrays.entrySet().stream()
            .collect(Collectors.toMap(array -> prefix + array.getKey(), Map.Entry::getValue));
    String stage = run.startsWith("stage") ? run.substring(0, run.indexOf('.')) : "none";
    arrays.forEach(
        (name, tensor) -> {
          if (name.endsWith("mask_" + stage)) {
            parameters.put(prefix + name.replace("_" + stage, ""), tensor);
          }
        });
    return parameters;
  }

  private void checkCondensation(
      CondenseNetLayer configuration, JsonValue file, Map<String, Tensor> arrays) {
    RunningLayer layer = new RunningLayer(configuration, DataType.FLOAT, arithmetic.get());
    layer.set(arrays);
    LearnedConnections connections = layer.layer().learnedConnections().get(0);
    double[] progress = file.get("stage_progress").numbers();
    for (int stage = 0; stage < progress.length; stage++) {
      assertThat(connections.advance(progress[stage], StageRule.OFFICIAL_V2)).isEqualTo(stage > 0);
      assertThat(connections.mask().castTo(DataType.DOUBLE).reshape(-1).toDoubleVector())
          .isEqualTo(arrays.get("mask_stage" + stage).toDoubles());
      int count = (int) arrays.get("count_stage" + stage).toDoubles()[0];
      assertThat(connections.state()).isEqualTo(new CondensationState(stage, count));
      double lasso = arrays.get("lasso_stage" + stage).toDoubles()[0];
      assertThat(connections.lasso()).isCloseTo(lasso, Offset.offset(BOUND * Math.abs(lasso)));
      INDArray gradient = Nd4j.zeros(DataType.FLOAT, connections.weight().shape());
      connections.addLassoGradient(1, gradient);
      if (arrays.containsKey("grad_lasso_stage" + stage)) {
        assertClose("grad_lasso_stage" + stage, gradient, arrays);
      } else {
        assertThat(gradient.amaxNumber().doubleValue()).isZero();
      }
    }
  }

  private void checkShuffle(Map<String, Tensor> arrays) {
    for (int i = 0; arrays.containsKey("case" + i + ".x"); i++) {
      INDArray x = array(arrays, "case" + i + ".x");
      int groups = (int) arrays.get("case" + i + ".groups").toLongs()[0];
      checkShuffle(x, groups, ChannelShuffle.Direction.SPREAD, arrays.get("case" + i + ".shuffle"));
      checkShuffle(
          x, groups, ChannelShuffle.Direction.GATHER, arrays.get("case" + i + ".shuffle_trans"));
    }
  }

  private void checkShuffle(
      INDArray x, int groups, ChannelShuffle.Direction direction, Tensor expected) {
    ChannelShuffle configuration =
        ChannelShuffle.builder().nIn((int) x.size(1)).groups(groups).direction(direction).build();
    RunningLayer layer = new RunningLayer(configuration, DataType.FLOAT, arithmetic.get());
    INDArray y = layer.forward(x, true);
    assertThat(y.castTo(DataType.DOUBLE).dup('c').data().asDouble())
        .isEqualTo(expected.toDoubles());
    assertThat(layer.backward(y)).isEqualTo(x.castTo(DataType.FLOAT));
  }

  private void checkHardSwish(Map<String, Tensor> arrays) {
    HardSwish configuration = HardSwish.builder().nIn(arrays.get("x").size()).build();
    RunningLayer layer = new RunningLayer(configuration, DataType.FLOAT, arithmetic.get());
    INDArray y = layer.forward(array(arrays, "x").reshape(1, -1), true);
    assertClose("y", y.reshape(-1), arrays);
    INDArray dx = layer.backward(array(arrays, "grad_out").reshape(1, -1));
    assertClose("grad.x", dx.reshape(-1), arrays);
  }

  private static INDArray array(Map<String, Tensor> arrays, String name) {
    return RunningLayer.array(arrays.get(name));
  }

  private static void assertClose(String name, INDArray actual, Map<String, Tensor> arrays) {
    INDArray expected = array(arrays, name);
    assertThat(actual.shape()).as(name).isEqualTo(expected.shape());
    assertThat(Closeness.largestDifference(actual, expected)).as(name).isLessThan(BOUND);
  }
}
