package io.github.condensenet4j.training.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;

class NesterovSgdTest {

  private static final int WEIGHTS = 7;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void stepsAsTheFormulaSaysUnderAChangingRate(boolean nesterov) {
    double momentum = 0.9;
    NesterovSgd sgd = new NesterovSgd(0, momentum, nesterov);
    GradientUpdater<NesterovSgd> updater =
        sgd.instantiate(Nd4j.create(DataType.DOUBLE, 1, WEIGHTS), true);
    Random random = new Random(5);
    double[] velocity = new double[WEIGHTS];
    for (int step = 0; step < 6; step++) {
      double rate = 0.1 / (1 + step);
      double[] gradient = random.doubles(WEIGHTS, -1, 1).toArray();
      double[] expected = new double[WEIGHTS];
      for (int i = 0; i < WEIGHTS; i++) {
        velocity[i] = momentum * velocity[i] + gradient[i];
        expected[i] = rate * (nesterov ? gradient[i] + momentum * velocity[i] : velocity[i]);
      }
      sgd.setLrAndSchedule(rate, null);
      INDArray update = Nd4j.createFromArray(gradient);
      updater.applyUpdater(update, step, 0);
      assertThat(update.toDoubleVector()).containsExactly(expected, within(1e-15));
    }
  }

  @Test
  void keepsOneVelocityAWeight() {
    assertThat(new NesterovSgd(0.1, 0.9, true).stateSize(123)).isEqualTo(123);
  }

  @Test
  void survivesTheJsonOfANetwork() {
    NesterovSgd sgd = new NesterovSgd(0.25, 0.8, false);
    ComputationGraphConfiguration network =
        new NeuralNetConfiguration.Builder()
            .updater(sgd)
            .graphBuilder()
            .addInputs("in")
            .addLayer("dense", new DenseLayer.Builder().nOut(3).build(), "in")
            .addLayer("out", new OutputLayer.Builder().nOut(2).build(), "dense")
            .setOutputs("out")
            .setInputTypes(InputType.feedForward(4))
            .build();

    ComputationGraphConfiguration copy = ComputationGraphConfiguration.fromJson(network.toJson());

    assertThat(copy).isEqualTo(network);
    assertThat(copy.toJson()).contains("NesterovSgd").isEqualTo(network.toJson());
  }
}
