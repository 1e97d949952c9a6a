package io.github.condensenet4j.training.step;

import io.github.condensenet4j.core.metrics.Logits;
import java.util.Arrays;

/**
 * The loss of AugMix (Hendrycks et al., 2020, equation 3) as timm's class of the same name has it:
 * the cross entropy of the clean version of an image, and how far the answers to all its versions
 * are apart.
 *
 * <pre>
 * p_s = softmax(logits_s),   m = clamp(mean over s of p_s, 1e-7, 1)
 * loss = crossEntropy(logits_0, target) + 12 / S · Σ_s Σ_c p_s,c · (log p_s,c − log m_c)
 * </pre>
 */
final class JsdCrossEntropy {

  private static final double ALPHA = 12;
  private static final double LEAST = 1e-7;

  private final double[][] targets;
  private final double loss;

  /**
   * Computes loss and gradient of one image.
   *
   * @param logits those of {@code splits} versions, from row {@code first} on
   * @param shares label of the image, 1 at the class
   * @param smoothing share of the label that is spread over all classes
   */
  JsdCrossEntropy(float[][] logits, int first, int splits, float[] shares, double smoothing) {
    int classes = shares.length;
    targets = new double[splits][classes];
    double[][] logProbabilities = new double[splits][];
    double[][] probabilities = new double[splits][];
    double[] mixture = new double[classes];
    for (int s = 0; s < splits; s++) {
      logProbabilities[s] = Logits.logProbabilities(logits[first + s]);
      probabilities[s] = Arrays.stream(logProbabilities[s]).map(Math::exp).toArray();
      for (int c = 0; c < classes; c++) {
        mixture[c] += probabilities[s][c] / splits;
      }
    }
    double divergence = 0;
    for (int s = 0; s < splits; s++) {
      double[] p = probabilities[s];
      double[] slope = new double[classes];
      double mean = 0;
      for (int c = 0; c < classes; c++) {
        if (p[c] > 0) {
          double apart = logProbabilities[s][c] - Math.log(Math.max(LEAST, mixture[c]));
          divergence += p[c] * apart;
          // Where the mixture is clamped it does not follow the answer.
          slope[c] = apart + (mixture[c] < LEAST ? 1 : 0);
          mean += slope[c] * p[c];
        }
      }
      for (int c = 0; c < classes; c++) {
        double gradient = ALPHA / splits * p[c] * (slope[c] - mean);
        if (s == 0) {
          gradient += p[c] - ((1 - smoothing) * shares[c] + smoothing / classes);
        }
        // Each image has as many rows as versions, and the sum over rows is divided by them all.
        targets[s][c] = p[c] - splits * gradient;
      }
    }
    loss =
        Logits.crossEntropy(logProbabilities[0], shares, smoothing) + ALPHA / splits * divergence;
  }

  /** Returns the loss of the image. */
  double loss() {
    return loss;
  }

  /**
   * Returns the labels with which the gradient of a plain cross entropy, {@code softmax − label},
   * is the gradient of this loss times the number of versions.
   *
   * @return {@code [splits][classes]}; no probabilities
   */
  double[][] labels() {
    return targets;
  }
}
