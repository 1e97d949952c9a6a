package io.github.condensenet4j.training.step;

import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.dataset.DataSet;

/** Trains a network on the calling thread. */
final class LocalStepper implements Stepper {

  private final Condensation condensation;
  private final GradientStep gradientStep;

  LocalStepper(ComputationGraph network, StepRecipe recipe, Optional<SplitNorms> splitNorms) {
    condensation = new Condensation(network, recipe.stageRule());
    gradientStep = new GradientStep(network, recipe, splitNorms);
  }

  @Override
  public double train(DataSet batch, long step, double rate, double progress) {
    condensation.advance(progress);
    return gradientStep.run(batch, step, rate, batch.numExamples());
  }

  @Override
  public double keptFraction() {
    return condensation.keptFraction();
  }

  @Override
  public void close() {}
}
