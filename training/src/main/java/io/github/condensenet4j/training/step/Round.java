package io.github.condensenet4j.training.step;

import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.nd4j.linalg.dataset.DataSet;

/**
 * One step of several workers: the share of each, and what became of it.
 *
 * @param shares the parts of the batch, by worker
 * @param step number of the step
 * @param rate learning rate
 * @param divisor what gradients are divided by, see {@link GradientStep#run}
 * @param results loss of each worker, or what it failed with
 */
record Round(
    List<DataSet> shares,
    long step,
    double rate,
    double divisor,
    AtomicReferenceArray<Object> results) {

  Round(List<DataSet> shares, long step, double rate, double divisor) {
    this(shares, step, rate, divisor, new AtomicReferenceArray<>(shares.size()));
  }

  /** Returns the mean loss, or throws what a worker failed with. */
  double loss() {
    double sum = 0;
    for (int worker = 0; worker < results.length(); worker++) {
      Object result = results.get(worker);
      if (result instanceof RuntimeException failure) {
        throw failure;
      }
      if (result instanceof Error failure) {
        throw failure;
      }
      sum += (Double) result;
    }
    return sum / results.length();
  }
}
