package io.github.condensenet4j.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.core.architecture.Activation;
import io.github.condensenet4j.core.condensation.CondensedConnections;
import io.github.condensenet4j.core.condensation.StageRule;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A condensed layer answers as the layer that it was condensed from. */
class CondensedLayerTest {

  /** The same products in another order. */
  private static final double BOUND = 2e-6;

  @ParameterizedTest(name = "G={0}, C={1}")
  @CsvSource({"4, 4", "4, 8", "8, 4", "2, 1"})
  void learnedGroupConvolution(int groups, int factor) {
    RunningLayer learned =
        trained(
            LearnedGroupConvolution.builder()
                .nIn(16)
                .nOut(24)
                .groups(groups)
                .condenseFactor(factor)
                .activation(Activation.HARD_SWISH)
                .build());
    RunningLayer condensed =
        new RunningLayer(
            CondensedLearnedGroupConvolution.builder()
                .nIn(16)
                .nOut(24)
                .groups(groups)
                .condenseFactor(factor)
                .activation(Activation.HARD_SWISH)
                .build(),
            DataType.FLOAT);
    CondensedConnections kept = condense(learned);
    condensed.layer().setParam("index", Nd4j.createFromArray(kept.index()));
    for (String vector : new String[] {"weight", "bias", "runningmean", "runningvar"}) {
      INDArray whole = learned.parameter("norm." + vector);
      condensed.layer().setParam("norm." + vector, whole.get(Nd4j.createFromArray(kept.index())));
    }
    setWeight(condensed, kept);
    assertSameAnswers(learned, condensed);
  }

  @ParameterizedTest(name = "G={0}, C={1}")
  @CsvSource({"4, 4", "4, 8", "8, 4", "2, 1"})
  void sparseFeatureReactivation(int groups, int factor) {
    RunningLayer learned =
        trained(
            SparseFeatureReactivation.builder()
                .nIn(16)
                .nOut(24)
                .groups(groups)
                .condenseFactor(factor)
                .build());
    RunningLayer condensed =
        new RunningLayer(
            CondensedSparseFeatureReactivation.builder()
                .nIn(16)
                .nOut(24)
                .groups(groups)
                .condenseFactor(factor)
                .build(),
            DataType.FLOAT);
    CondensedConnections kept = condense(learned);
    condensed.layer().setParam("index", Nd4j.createFromArray(kept.index()));
    for (String vector : new String[] {"weight", "bias", "runningmean", "runningvar"}) {
      condensed.layer().setParam("norm." + vector, learned.parameter("norm." + vector));
    }
    setWeight(condensed, kept);
    assertSameAnswers(learned, condensed);
  }

  /** Returns a layer with statistics of its own, whose condensation is complete. */
  private static RunningLayer trained(CondenseNetLayer configuration) {
    RunningLayer layer = new RunningLayer(configuration, DataType.FLOAT);
    for (int step = 0; step < 3; step++) {
      layer.backward(layer.forward(images().muli(step + 1), true));
    }
    layer.layer().learnedConnections().get(0).advance(1, StageRule.CATCHING_UP);
    return layer;
  }

  private static CondensedConnections condense(RunningLayer learned) {
    LearnedConnections connections = learned.layer().learnedConnections().get(0);
    return CondensedConnections.of(
        connections.groups(),
        connections.weight().dup('c').data().asFloat(),
        connections.mask().dup('c').data().asFloat());
  }

  private static void setWeight(RunningLayer condensed, CondensedConnections kept) {
    INDArray weight = condensed.parameter("conv.weight");
    condensed
        .layer()
        .setParam("conv.weight", Nd4j.createFromArray(kept.weight()).reshape(weight.shape()));
  }

  private static void assertSameAnswers(RunningLayer learned, RunningLayer condensed) {
    INDArray expected = learned.forward(images(), false);
    assertThat(Closeness.largestDifference(condensed.forward(images(), false), expected))
        .isLessThan(BOUND);
    INDArray gradient = learned.backward(expected);
    assertThat(Closeness.largestDifference(condensed.backward(expected), gradient))
        .isLessThan(BOUND);
  }

  private static INDArray images() {
    Nd4j.getRandom().setSeed(29);
    return Nd4j.randn(DataType.FLOAT, 3, 16, 5, 4);
  }
}
