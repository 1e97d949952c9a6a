package io.github.condensenet4j.layers.fused;

/**
 * One channel of all images of a batch, and what is known of its numbers since they were written.
 *
 * <p>Whoever writes to a row says so with {@link #changed} or leaves the new sums with it; matrices
 * that share a row share this knowledge.
 */
final class FeatureRow {

  final float[] array;
  final int at;

  private boolean hasMoments;
  private double mean;
  private double variance;
  private boolean hasSums;
  private double sum;
  private double product;

  FeatureRow(float[] array, int at) {
    this.array = array;
    this.at = at;
  }

  /** Forgets what is known. */
  void changed() {
    hasMoments = false;
    hasSums = false;
  }

  boolean hasMoments() {
    return hasMoments;
  }

  double mean() {
    return mean;
  }

  /** Returns the biased variance. */
  double variance() {
    return variance;
  }

  void moments(double newMean, double newVariance) {
    hasMoments = true;
    hasSums = false;
    mean = newMean;
    variance = newVariance;
  }

  /** Takes the moments of {@code other} over, of which this is a copy. */
  void copied(FeatureRow other) {
    hasMoments = other.hasMoments;
    hasSums = false;
    mean = other.mean;
    variance = other.variance;
  }

  boolean hasSums() {
    return hasSums;
  }

  /** Returns the sum of the row, a gradient. */
  double sum() {
    return sum;
  }

  /** Returns the sum of the gradient times the centred number that it belongs to. */
  double product() {
    return product;
  }

  void sums(double newSum, double newProduct) {
    hasSums = true;
    hasMoments = false;
    sum = newSum;
    product = newProduct;
  }
}
