package io.github.condensenet4j.core.metrics;

/** What the scores of one image before softmax say, {@code [classes]}. */
public final class Logits {

  private Logits() {}

  /**
   * Returns how many classes are placed before {@code label}: 0 if it is the answer. Equal scores
   * are placed by index; not-a-number is placed before all numbers.
   */
  public static int rank(float[] logits, int label) {
    float own = logits[label];
    if (Float.isNaN(own)) {
      return logits.length - 1;
    }
    int before = 0;
    for (int i = 0; i < logits.length; i++) {
      boolean notSmaller = !(logits[i] <= own);
      if (notSmaller || (logits[i] == own && i < label)) {
        before++;
      }
    }
    return before;
  }

  /** Returns the index of the largest score, the first of equal ones. */
  public static int best(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    return best;
  }

  /**
   * Returns the cross-entropy with {@code label}, in nats.
   *
   * @param smoothing share of the target that is spread over all classes (official {@code
   *     LabelSmoothingCrossEntropy}); 0 for none
   */
  public static double crossEntropy(float[] logits, int label, double smoothing) {
    double[] logProbabilities = logProbabilities(logits);
    double mean = 0;
    for (double logProbability : logProbabilities) {
      mean += logProbability / logits.length;
    }
    return -(1 - smoothing) * logProbabilities[label] - smoothing * mean;
  }

  /**
   * Returns the cross entropy of one image that belongs to several classes in part.
   *
   * @param logProbabilities of each class, {@link #logProbabilities}
   * @param shares share of each class, summing up to 1
   * @param smoothing share of them that is spread over all classes
   */
  public static double crossEntropy(double[] logProbabilities, float[] shares, double smoothing) {
    double mean = 0;
    double own = 0;
    for (int c = 0; c < shares.length; c++) {
      mean += logProbabilities[c] / shares.length;
      // Left out where there is none: 0 times infinity is not a number.
      own += shares[c] == 0 ? 0 : shares[c] * logProbabilities[c];
    }
    return -(1 - smoothing) * own - smoothing * mean;
  }

  /** Returns the probability of each class. */
  public static float[] softmax(float[] logits) {
    double[] logProbabilities = logProbabilities(logits);
    float[] probabilities = new float[logits.length];
    for (int i = 0; i < logits.length; i++) {
      probabilities[i] = (float) Math.exp(logProbabilities[i]);
    }
    return probabilities;
  }

  /** Returns the logarithm of the probability of each class. */
  public static double[] logProbabilities(float[] logits) {
    // Taken off before the exponential, which would overflow for large scores.
    double largest = logits[best(logits)];
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - largest);
    }
    double logSum = largest + Math.log(sum);
    double[] logProbabilities = new double[logits.length];
    for (int i = 0; i < logits.length; i++) {
      logProbabilities[i] = logits[i] - logSum;
    }
    return logProbabilities;
  }

  /**
   * Returns the largest difference between two sets of logits as a share of the range of {@code
   * expected}: not a number where a difference is none.
   *
   * @param found as many as {@code expected}
   */
  public static double largestDifference(float[] found, float[] expected) {
    if (found.length != expected.length) {
      throw new IllegalArgumentException(
          found.length + " logits found, " + expected.length + " expected");
    }
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    double worst = 0;
    for (int i = 0; i < expected.length; i++) {
      least = Math.min(least, expected[i]);
      most = Math.max(most, expected[i]);
      worst = Math.max(worst, Math.abs((double) found[i] - expected[i]));
    }
    return worst / (most - least);
  }
}
