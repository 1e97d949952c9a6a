package io.github.condensenet4j.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.layers.arithmetic.Workers;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** A linear layer is Deeplearning4j's dense layer without activation. */
class LinearTest {

  /** Rounding of sums of some hundred products in single precision. */
  private static final double BOUND = 2e-5;

  private final int threads = Workers.threads();

  @AfterEach
  void restoreThreads() {
    Workers.setThreads(threads);
  }

  @ParameterizedTest(name = "{0} images, {1} to {2} features, {3} threads")
  @CsvSource({
    "1, 3, 1, 1",
    "5, 64, 10, 2",
    "33, 130, 100, 2",
    "8, 828, 70, 3",
    "70, 17, 33, 2",
  })
  void agreesWithDenseLayer(int images, int in, int out, int count) {
    Workers.setThreads(count);
    ComputationGraph own = network(Linear.builder().nOut(out).build(), DataType.FLOAT, in);
    ComputationGraph stock = network(dense(out), DataType.FLOAT, in);
    stock.params().assign(own.params());
    Nd4j.getRandom().setSeed(3);
    INDArray x = Nd4j.randn(DataType.FLOAT, images, in);
    INDArray labels = Nd4j.zeros(DataType.FLOAT, images, 2);
    for (int n = 0; n < images; n++) {
      labels.putScalar(n, n % 2, 1);
    }
    assertClose(own.feedForward(x, false).get("tested"), stock.feedForward(x, false).get("tested"));
    // Twice, so that memory of a step is used again by the next one.
    for (int step = 0; step < 2; step++) {
      for (ComputationGraph network : List.of(own, stock)) {
        network.setInputs(x);
        network.setLabels(labels);
        network.computeGradientAndScore();
      }
      assertClose(own.getFlattenedGradients(), stock.getFlattenedGradients());
    }
  }

  @Test
  void leavesToDeeplearning4jWhatItDoesNotCompute() {
    Linear dropping = Linear.builder().nOut(6).build();
    dropping.setIDropout(new org.deeplearning4j.nn.conf.dropout.Dropout(0.5));
    ComputationGraph network = network(dropping, DataType.FLOAT, 40);
    INDArray x = Nd4j.ones(DataType.FLOAT, 50, 40);

    INDArray trained = network.feedForward(x, true).get("tested");

    assertThat(trained.getRow(0)).isNotEqualTo(trained.getRow(1));
    assertThat(network.feedForward(x, false).get("tested").std(0).maxNumber().doubleValue())
        .isLessThan(BOUND);
  }

  @Test
  void isReadBackFromJson() {
    ComputationGraph network = network(Linear.builder().nOut(6).build(), DataType.DOUBLE, 4);

    ComputationGraphConfiguration again =
        ComputationGraphConfiguration.fromJson(network.getConfiguration().toJson());

    assertThat(again).isEqualTo(network.getConfiguration());
    assertThat(
            ((org.deeplearning4j.nn.conf.graph.LayerVertex) again.getVertices().get("tested"))
                .getLayerConf()
                .getLayer())
        .isInstanceOf(Linear.class)
        .isNotEqualTo(dense(6));
  }

  private static void assertClose(INDArray actual, INDArray expected) {
    double difference = actual.sub(expected).norm2Number().doubleValue();
    assertThat(difference).isLessThan(BOUND * expected.norm2Number().doubleValue());
  }

  private static DenseLayer dense(int out) {
    return new DenseLayer.Builder().nOut(out).activation(Activation.IDENTITY).build();
  }

  /** Returns a network in which a layer before {@code tested} needs its input's gradient. */
  private static ComputationGraph network(Layer tested, DataType type, int in) {
    ComputationGraph network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(type)
                .updater(new Sgd(0.1))
                .graphBuilder()
                .addInputs("x")
                .addLayer(
                    "before",
                    new DenseLayer.Builder().nOut(in).activation(Activation.TANH).build(),
                    "x")
                .addLayer("tested", tested, "before")
                .addLayer(
                    "out",
                    new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .nOut(2)
                        .activation(Activation.SOFTMAX)
                        .build(),
                    "tested")
                .setOutputs("out")
                .setInputTypes(InputType.feedForward(in))
                .build());
    network.init();
    return network;
  }
}
