package io.github.condensenet4j.training.step;

import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Trains a network batch by batch.
 *
 * <p>A step is, in this order: connections are dropped that are due at this progress; gradients of
 * the loss; the group lasso; clipping; weight decay; the optimiser. Which step it is, and what rate
 * it uses, is said from outside, so that a run can be taken up at any step.
 */
public interface Stepper extends AutoCloseable {

  /**
   * Returns the stepper for {@code network}, which it trains from now on.
   *
   * @param workers replicas that share each batch; 1 trains the network itself
   */
  static Stepper of(ComputationGraph network, StepRecipe recipe, int workers) {
    return of(network, recipe, workers, Optional.empty());
  }

  /**
   * Returns the stepper for {@code network}, parts of whose batches are normalised apart.
   *
   * @param workers replicas that share each batch; 1 trains the network itself
   * @param splitNorms the normalisations of further parts, which are trained along
   */
  static Stepper of(
      ComputationGraph network, StepRecipe recipe, int workers, Optional<SplitNorms> splitNorms) {
    return workers == 1
        ? new LocalStepper(network, recipe, splitNorms)
        : new ParallelStepper(network, recipe, workers, splitNorms);
  }

  /**
   * Trains on one batch.
   *
   * @param batch images and one-hot labels
   * @param step number of the step in the run, from 0
   * @param rate learning rate
   * @param progress share of the run that is done, 0 to below 1
   * @return the loss: smoothed, group lasso included, weight decay not; where it is not a finite
   *     number the network is of no use any more
   */
  double train(DataSet batch, long step, double rate, double progress);

  /** Returns the share of the learned connections that is left, 0 to 1. */
  double keptFraction();

  /** Ends training; the network stays as it is. */
  @Override
  void close();
}
