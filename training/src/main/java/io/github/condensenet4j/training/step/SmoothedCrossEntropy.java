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
    double[] logProbabilities = Logits.logProbabilities(logits);
    loss = Logits.crossEntropy(logProbabilities, shares, smoothing);
    gradient = new float[logits.length];
    for (int c = 0; c < gradient.length; c++) {
      double target = (1 - smoothing) * shares[c] + smoothing / gradient.length;
      gradient[c] = (float) (Math.exp(logProbabilities[c]) - target);
    }
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
