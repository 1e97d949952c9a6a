package io.github.condensenet4j.training.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.github.condensenet4j.core.metrics.Logits;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

class GradientStepTest {

  // A few float roundings of numbers around 1.
  private static final double ROUNDING = 1e-6;

  private static final double RATE = 0.2;

  private static double[] afterOneStep(ComputationGraph graph, StepRecipe recipe, DataSet batch) {
    new GradientStep(graph, recipe).run(batch, 0, RATE, batch.numExamples());
    return graph.params().dup().toDoubleVector();
  }

  /** Returns the mean gradient as the graph itself gives it. */
  private static double[] gradient(ComputationGraph graph, DataSet batch) {
    graph.initGradientsView();
    graph.setInputs(batch.getFeatures());
    graph.setLabels(new TrainingLoss("classifier", 0.1).targets(batch.getLabels()));
    graph.computeGradientAndScore();
    return graph.getFlattenedGradients().div(batch.numExamples()).toDoubleVector();
  }

  @Test
  void subtractsTheUpdateOfTheDecayedMeanGradient() {
    DataSet batch = Stand.batch(5, 1);
    double[] before = Stand.plain().params().toDoubleVector();
    double[] gradient = gradient(Stand.plain(), batch);
    double decay = 0.01;

    double[] after = afterOneStep(Stand.plain(), Stand.recipe(1, decay, 0, 0), batch);

    ParameterRanges ranges = ParameterRanges.of(Stand.plain());
    for (ParameterRanges.Range range : ranges.all()) {
      double pull = range.name().equals("b") ? 0 : decay;
      for (int i = (int) range.start(); i < range.end(); i++) {
        double update = RATE * 1.9 * (gradient[i] + pull * before[i]);
        assertThat(after[i]).isCloseTo(before[i] - update, within(ROUNDING));
      }
    }
  }

  @Test
  void leavesTheGraphItsOwnLoss() {
    DataSet batch = Stand.batch(5, 1);
    ComputationGraph graph = Stand.plain();
    String before = graph.getConfiguration().toJson();
    GradientStep step = new GradientStep(graph, Stand.recipe(1, 0, 0, 0));

    double loss = step.run(batch, 0, 0, 5);

    assertThat(graph.getConfiguration().toJson()).isEqualTo(before);
    // What the step has computed in the graph is the score of the same images.
    assertThat(graph.score()).isCloseTo(loss, within(ROUNDING));
    graph.setLabels(new TrainingLoss("classifier", 0.1).targets(batch.getLabels()));
    graph.setInputs(batch.getFeatures());
    graph.computeGradientAndScore();
    assertThat(graph.score()).isCloseTo(loss, within(10 * ROUNDING));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 7, 50})
  void comesToTheSameWeightsInParts(int parts) {
    DataSet batch = Stand.batch(7, 2);

    assertThat(afterOneStep(Stand.plain(), Stand.recipe(parts, 0, 0, 0), batch))
        .containsExactly(afterOneStep(Stand.plain(), Stand.recipe(), batch), within(ROUNDING));
  }

  @Test
  void goesDownTheSlopeOfTheLossOfSeveralVersions() {
    DataSet batch = Stand.batch(6, 9);
    ComputationGraph graph = Stand.plain();
    INDArray start = graph.params().dup();
    INDArray down =
        start.sub(
            Nd4j.createFromArray(afterOneStep(graph, Stand.recipeOfVersions(1), batch))
                .castTo(start.dataType())
                .reshape(start.shape()));
    // The first step of Nesterov's momentum of 0.9 is 1.9 gradients long.
    double steepness = down.norm2Number().doubleValue() / (RATE * 1.9);
    INDArray direction = down.div(down.norm2Number());
    double width = 0.02;

    double above = lossOfVersions(start.add(direction.mul(width)), batch);
    double below = lossOfVersions(start.sub(direction.mul(width)), batch);

    assertThat((above - below) / (2 * width)).isCloseTo(steepness, withinPercentage(1));
    assertThat(afterOneStep(Stand.plain(), Stand.recipeOfVersions(2), batch))
        .containsExactly(
            afterOneStep(Stand.plain(), Stand.recipeOfVersions(1), batch), within(ROUNDING));
  }

  private static double lossOfVersions(INDArray params, DataSet batch) {
    ComputationGraph graph = Stand.plain();
    graph.setParams(params);
    return new GradientStep(graph, Stand.recipeOfVersions(1)).run(batch, 0, 0, 6);
  }

  @Test
  void movesRunningStatisticsWithEveryPart() {
    ComputationGraph graph = Stand.learned();

    new GradientStep(graph, Stand.recipe(3, 0, 0, 0)).run(Stand.batch(6, 3), 0, RATE, 6);

    assertThat(graph.getLayer("middle").getParam("norm.numbatchestracked").getInt(0)).isEqualTo(3);
  }

  @Test
  void returnsTheSmoothedLossOfTheLogits() {
    DataSet batch = Stand.batch(4, 4);
    INDArray logits =
        Stand.plain()
            .output(List.of("classifier"), false, new INDArray[] {batch.getFeatures()}, null)[0];
    double expected = 0;
    for (int image = 0; image < 4; image++) {
      int label = batch.getLabels().argMax(1).getInt(image);
      expected += Logits.crossEntropy(logits.toFloatMatrix()[image], label, 0.1) / 4;
    }

    double loss =
        new GradientStep(Stand.plain(), Stand.recipe(2, 0.5, 0, 0)).run(batch, 0, RATE, 4);

    assertThat(loss).isCloseTo(expected, within(1e-6));
  }

  @ParameterizedTest
  @CsvSource({"0.01, true", "1000, false"})
  void cutsLongGradients(double longest, boolean cut) {
    DataSet batch = Stand.batch(5, 5);
    double[] before = Stand.plain().params().toDoubleVector();
    double[] gradient = gradient(Stand.plain(), batch);
    double length = Nd4j.createFromArray(gradient).norm2Number().doubleValue();
    double scale = cut ? longest / (length + 1e-6) : 1;

    double[] after = afterOneStep(Stand.plain(), Stand.recipe(1, 0, 0, longest), batch);

    for (int i = 0; i < before.length; i++) {
      double update = RATE * 1.9 * scale * gradient[i];
      assertThat(after[i]).isCloseTo(before[i] - update, within(ROUNDING));
    }
  }

  @Test
  void addsTheGroupLassoToLossAndGradient() {
    double lambda = 0.01;
    DataSet batch = Stand.batch(5, 6);
    ComputationGraph with = Stand.learned();
    ComputationGraph without = Stand.learned();
    double lasso = new GroupLassoPenalty(initialised(Stand.learned()), lambda).addGradient();

    double lossWith = new GradientStep(with, Stand.recipe(1, 0, lambda, 0)).run(batch, 0, RATE, 5);
    double lossWithout = new GradientStep(without, Stand.recipe()).run(batch, 0, RATE, 5);

    assertThat(lossWith - lossWithout).isCloseTo(lasso, within(1e-9)).isPositive();
    double[] weights =
        Stand.learned().getLayer("middle").getParam("conv.weight").ravel().toDoubleVector();
    INDArray difference =
        with.getLayer("middle")
            .getParam("conv.weight")
            .sub(without.getLayer("middle").getParam("conv.weight"))
            .ravel();
    // Rows g and g + 4 are group g: two weights of one column share a root.
    for (int i = 0; i < weights.length; i++) {
      int partner = (i + 32) % 64;
      double root = Math.hypot(weights[i], weights[partner]);
      assertThat(difference.getDouble(i))
          .isCloseTo(-RATE * 1.9 * lambda * weights[i] / root, within(ROUNDING));
    }
  }

  private static ComputationGraph initialised(ComputationGraph graph) {
    graph.initGradientsView();
    return graph;
  }

  @Test
  void leavesTheWeightsAloneWhenTheLossIsNoNumber() {
    ComputationGraph graph = Stand.plain();
    DataSet batch = Stand.batch(5, 7);
    batch.getFeatures().putScalar(0, Double.NaN);

    double loss = new GradientStep(graph, Stand.recipe()).run(batch, 0, RATE, 5);

    assertThat(loss).isNaN();
    assertThat(graph.params()).isEqualTo(Stand.plain().params());
  }

  @Test
  void findsEachParameterInTheFlatVector() {
    ComputationGraph graph = Stand.learned();
    INDArray flat = graph.params();
    for (int i = 0; i < flat.length(); i++) {
      flat.putScalar(i, i);
    }

    for (ParameterRanges.Range range : ParameterRanges.of(graph).all()) {
      INDArray values = graph.getLayer(range.layer()).getParam(range.name());
      assertThat(values.minNumber().longValue()).isEqualTo(range.start());
      assertThat(values.maxNumber().longValue()).isEqualTo(range.end() - 1);
      assertThat(range.trained())
          .isEqualTo(!range.name().matches(".*(running|tracked|mask|stage|count).*"));
    }
  }
}
