package io.github.condensenet4j.training.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class MovingAverageTest {

  @ParameterizedTest
  @CsvSource({"0, 0.1", "1, 0.181818181818", "90, 0.91", "44991, 0.9998", "10000000, 0.9998"})
  void growsTowardsTheOfficialDecayByDefault(long step, double decay) {
    assertThat(EmaDecay.growing().at(step)).isCloseTo(decay, within(1e-12));
  }

  @Test
  void keepsAGivenDecayFromTheFirstStep() {
    assertThat(EmaDecay.of(0.9998).at(0)).isEqualTo(0.9998);
    assertThat(EmaDecay.of(0.9998).isOn()).isTrue();
    assertThat(EmaDecay.of(0).isOn()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void averagesWeightsAndStatisticsAndCopiesMasksAndCounters(DataType type) {
    ComputationGraph network = Stand.learned().convertDataType(type);
    double[] expected = network.params().toDoubleVector();
    MovingAverage average = new MovingAverage(network, EmaDecay.of(0.75));
    Random random = new Random(1);
    for (int step = 0; step < 3; step++) {
      INDArray params = network.params();
      for (ParameterRanges.Range range : ParameterRanges.of(network).all()) {
        for (int i = (int) range.start(); i < range.end(); i++) {
          float value = range.isWhole() ? random.nextInt(9) : random.nextFloat();
          params.putScalar(i, value);
          expected[i] = range.isWhole() ? value : 0.75 * expected[i] + 0.25 * value;
        }
      }
      average.update(step);
    }
    assertThat(average.network().params().toDoubleVector()).containsExactly(expected, within(1e-6));
    assertThat(average.network().getLayer("middle").getParam("mask"))
        .isEqualTo(network.getLayer("middle").getParam("mask"));
  }
}
