package io.github.condensenet4j.training.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class SplitNormsTest {

  // Some steps of float roundings in another order.
  private static final double ROUNDING = 2e-6;

  private static final double RATE = 0.2;

  private static DataSet rows(DataSet batch, int first, int step) {
    long images = batch.getFeatures().size(0);
    return new DataSet(
        batch.getFeatures().get(NDArrayIndex.interval(first, step, images)).dup('c'),
        batch.getLabels().get(NDArrayIndex.interval(first, step, images)).dup('c'));
  }

  private static double[] values(ComputationGraph graph, String name) {
    return graph.getLayer("middle").getParam(name).ravel().toDoubleVector();
  }

  /**
   * The step of each part is that of a network of its own, but for what is shared, which takes the
   * mean of their steps.
   */
  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void eachPartHasItsOwnNormalisation(int parts) {
    DataSet batch = Stand.batch(4 * parts, 1);
    ComputationGraph graph = Stand.learned();
    SplitNorms norms = SplitNorms.of(graph, parts);

    double loss =
        new GradientStep(graph, Stand.recipeOfVersions(parts, false, 1, 0), Optional.of(norms))
            .run(batch, 0, RATE, 4 * parts);

    double meanLoss = 0;
    double[] shared = null;
    for (int part = 0; part < parts; part++) {
      ComputationGraph alone = Stand.learned();
      // The other parts leave these normalisations alone, but count in the mean of the loss.
      DataSet images = rows(batch, part, parts);
      meanLoss += new GradientStep(alone, Stand.recipe()).run(images, 0, RATE / parts, 4) / parts;
      ComputationGraph found = part == 0 ? graph : norms.auxiliaries().get(part - 1);
      for (String name :
          List.of("norm.weight", "norm.bias", "norm.runningmean", "norm.runningvar")) {
        assertThat(values(found, name))
            .as(name)
            .containsExactly(values(alone, name), within(ROUNDING));
      }
      double[] start = values(Stand.learned(), "conv.weight");
      double[] moved = values(alone, "conv.weight");
      shared = shared == null ? start : shared;
      for (int i = 0; i < moved.length; i++) {
        shared[i] += moved[i] - start[i];
      }
    }
    assertThat(loss).isCloseTo(meanLoss, within(1e-6));
    assertThat(values(graph, "conv.weight")).containsExactly(shared, within(ROUNDING));
  }

  @Test
  void halvesOfABatchArePartsWhereThereIsOneVersion() {
    DataSet batch = Stand.batch(10, 2);
    ComputationGraph graph = Stand.learned();
    SplitNorms norms = SplitNorms.of(graph, 2);

    new GradientStep(graph, Stand.recipe(), Optional.of(norms)).run(batch, 0, RATE, 10);

    ComputationGraph alone = Stand.learned();
    new GradientStep(alone, Stand.recipe())
        .run(
            new DataSet(
                batch.getFeatures().get(NDArrayIndex.interval(5, 10)),
                batch.getLabels().get(NDArrayIndex.interval(5, 10))),
            0,
            RATE / 2,
            5);
    assertThat(values(norms.auxiliaries().get(0), "norm.runningmean"))
        .containsExactly(values(alone, "norm.runningmean"), within(ROUNDING));
  }

  /** Versions that are equal have equal statistics, so that it makes no difference to part them. */
  @ParameterizedTest
  @CsvSource({"false, 1, 0", "true, 1, 0", "true, 2, 0", "true, 1, 0.01"})
  void makesNoDifferenceBetweenEqualVersions(boolean compares, int gradAccum, double clip) {
    DataSet batch = Stand.batch(4, 3);
    INDArray features = Nd4j.create(batch.getFeatures().dataType(), 12, 3, Stand.SIDE, Stand.SIDE);
    INDArray labels = Nd4j.create(batch.getLabels().dataType(), 12, Stand.CLASSES);
    for (int row = 0; row < 12; row++) {
      features.putSlice(row, batch.getFeatures().slice(row / 3));
      labels.putRow(row, batch.getLabels().getRow(row / 3));
    }
    DataSet versions = new DataSet(features, labels);
    StepRecipe recipe = Stand.recipeOfVersions(3, compares, gradAccum, clip);
    ComputationGraph apart = Stand.learned();
    ComputationGraph together = Stand.learned();
    GradientStep stepApart = new GradientStep(apart, recipe, Optional.of(SplitNorms.of(apart, 3)));
    GradientStep stepTogether = new GradientStep(together, recipe);

    double lossApart = stepApart.run(versions, 0, RATE, 12);
    double lossTogether = stepTogether.run(versions, 0, RATE, 12);

    assertThat(lossApart).isCloseTo(lossTogether, within(1e-5));
    if (clip == 0) {
      assertThat(values(apart, "conv.weight"))
          .containsExactly(values(together, "conv.weight"), within(ROUNDING));
    } else {
      // Three normalisations together have a shorter gradient than one that has all of it.
      double[] start = values(Stand.learned(), "conv.weight");
      double[] moved = values(apart, "conv.weight");
      double[] other = values(together, "conv.weight");
      for (int i = 0; i < start.length; i++) {
        assertThat(Math.abs(moved[i] - start[i]))
            .isGreaterThanOrEqualTo(Math.abs(other[i] - start[i]) - ROUNDING);
      }
    }
  }

  @Test
  void replicasComeToTheSameNormalisations() {
    ComputationGraph graph = Stand.learned();
    SplitNorms norms = SplitNorms.of(graph, 2);
    StepRecipe recipe = Stand.recipeOfVersions(2, false, 1, 0);
    try (ParallelStepper stepper = new ParallelStepper(graph, recipe, 3, Optional.of(norms))) {
      for (int step = 0; step < 6; step++) {
        stepper.train(Stand.batch(12, step), step, 0.1, step / 6.0);
      }
    }
    ComputationGraph auxiliary = norms.auxiliaries().get(0);
    assertThat(values(auxiliary, "norm.numbatchestracked")).containsExactly(6);
    assertThat(values(auxiliary, "norm.weight")).isNotEqualTo(values(graph, "norm.weight"));
  }

  /** Workers that ask for an optimiser at the same time, of which each makes one, lose a step. */
  @Test
  void optimisersAreThereBeforeWorkersStart() {
    ComputationGraph graph = Stand.learned();
    SplitNorms norms = SplitNorms.of(graph, 2);

    assertThat(norms.auxiliaries().get(0).getUpdater(false)).isNotNull();
    StepRecipe recipe = Stand.recipeOfVersions(2, false, 1, 0);
    try (ParallelStepper stepper = new ParallelStepper(graph, recipe, 2, Optional.of(norms))) {
      assertThat(graph.getUpdater(false)).isNotNull();
      stepper.train(Stand.batch(8, 1), 0, 0.1, 0);
    }
  }

  @Test
  void goesOnFromItsState() {
    ComputationGraph graph = Stand.learned();
    SplitNorms norms = SplitNorms.of(graph, 2);
    StepRecipe recipe = Stand.recipeOfVersions(2, false, 1, 0);
    GradientStep step = new GradientStep(graph, recipe, Optional.of(norms));
    step.run(Stand.batch(8, 1), 0, RATE, 8);
    float[] state = norms.state();
    ComputationGraph copy = graph.clone();
    SplitNorms restored = SplitNorms.of(copy, 2);
    copy.getUpdater().getStateViewArray().assign(graph.getUpdater().getStateViewArray());

    restored.restore(state, true);

    assertThat((long) state.length).isEqualTo(norms.stateLength());
    step.run(Stand.batch(8, 2), 1, RATE, 8);
    new GradientStep(copy, recipe, Optional.of(restored)).run(Stand.batch(8, 2), 1, RATE, 8);
    assertThat(copy.params()).isEqualTo(graph.params());
    assertThat(restored.state()).isEqualTo(norms.state());
  }
}
