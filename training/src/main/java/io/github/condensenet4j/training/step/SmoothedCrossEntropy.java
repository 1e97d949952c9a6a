package io.github.condensenet4j.training.step;

import io.github.condensenet4j.core.metrics.Logits;

/**
 * The cross entropy of one image with its smoothed label, and its gradient.
 *
 * <pre>
 * target = (1 − smoothing) · share + smoothing / classes
 * loss = −Σ_c target_c · log softmax(logits)_c
 * gradient = softmax(logits) − target
 * </pre>
 */
final class SmoothedCrossEntropy {

  private final double loss;
  private final float[] gradient;

  /**
   * Computes loss and gradient.
   *
   * @param shares label of the image, 1 at the class, or shares of classes that sum up to 1
   * @param smoothing share of the label that is spread over all classes
   */
  SmoothedCrossEntropy(float[] logits, float[] shares, double smoothing) {
    int classes = logits.length;
    // Taken off before the exponential, which would overflow for large scores.
    double largest = logits[Logits.best(logits)];
    double[] powers = new double[classes];
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      powers[c] = Math.exp(logits[c] - largest);
      sum += powers[c];
    }
    double logSum = largest + Math.log(sum);
    double mean = 0;
    double own = 0;
    gradient = new float[classes];
    for (int c = 0; c < classes; c++) {
      mean += (logits[c] - logSum) / classes;
      // Left out where there is none: 0 times infinity is not a number.
      own += shares[c] == 0 ? 0 : shares[c] * (logits[c] - logSum);
      double target = (1 - smoothing) * shares[c] + smoothing / classes;
      gradient[c] = (float) (powers[c] / sum - target);
    }
    loss = -(1 - smoothing) * own - smoothing * mean;
  }

  /** Returns the loss in nats. */
  double loss() {
    return loss;
  }

  /** Returns the gradient for the logits. */
  float[] gradient() {
    return gradient;
  }
}
