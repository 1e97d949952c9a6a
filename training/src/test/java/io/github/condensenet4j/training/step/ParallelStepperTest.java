package io.github.condensenet4j.training.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

class ParallelStepperTest {

  private static final int STEPS = 8;

  private static ComputationGraph trained(ComputationGraph graph, int workers, int images) {
    try (Stepper stepper = Stepper.of(graph, Stand.recipe(1, 1e-3, 0, 0), workers)) {
      for (int step = 0; step < STEPS; step++) {
        double rate = 0.1 + 0.05 * step;
        stepper.train(Stand.batch(images, step), step, rate, step / (double) STEPS);
      }
    }
    return graph;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5})
  void comesToTheWeightsOfOneWorkerWhereNothingIsNormalised(int workers) {
    // 13 images cannot be shared evenly, so that shares have to be weighed.
    double[] expected = trained(Stand.plain(), 1, 13).params().toDoubleVector();

    // Eight steps of float roundings in another order.
    assertThat(trained(Stand.plain(), workers, 13).params().toDoubleVector())
        .containsExactly(expected, within(1e-5));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 7})
  void dropsTheSameConnectionsOnAllReplicasAtEveryStage(int workers) {
    ComputationGraph graph = Stand.learned();
    double[] expectedKept = {1, 1, 0.75, 0.5, 0.25, 0.25, 0.25, 0.25};
    try (ParallelStepper stepper = new ParallelStepper(graph, Stand.recipe(), workers)) {
      for (int step = 0; step < STEPS; step++) {
        stepper.train(Stand.batch(14, step), step, 0.3, step / (double) STEPS);

        assertThat(stepper.keptFraction()).isEqualTo(expectedKept[step]);
        assertThat(stepper.replicas()).hasSize(workers).first().isSameAs(graph);
        assertThat(stepper.replicas())
            .extracting(replica -> replica.getLayer("middle").getParam("mask"))
            .containsOnly(graph.getLayer("middle").getParam("mask"));
        assertThat(stepper.replicas())
            .extracting(ComputationGraph::params)
            .containsOnly(graph.params());
        assertThat(graph.getLayer("middle").getParam("mask").meanNumber().doubleValue())
            .isEqualTo(expectedKept[step]);
        assertThat(graph.getLayer("middle").getParam("norm.numbatchestracked").getFloat(0))
            .isEqualTo(step + 1);
      }
    }
    assertThat(graph.getLayer("middle").getParam("stage").getFloat(0)).isEqualTo(3);
    assertThat(graph.getLayer("middle").getParam("count").getFloat(0)).isEqualTo(6);
  }

  @Test
  void repeatsItselfToTheLastBit() {
    assertThat(trained(Stand.learned(), 2, 10).params())
        .isEqualTo(trained(Stand.learned(), 2, 10).params());
  }

  @Test
  void handsOutWhatAWorkerFailedWith() {
    try (Stepper stepper = Stepper.of(Stand.plain(), Stand.recipe(), 2)) {
      DataSet wrong = new DataSet(Nd4j.zeros(4, 5, 4, 4), Nd4j.zeros(4, Stand.CLASSES));
      assertThatThrownBy(() -> stepper.train(wrong, 0, 0.1, 0)).hasMessageContaining("channels");
    }
  }
}
