package io.github.condensenet4j.layers.fused;

import java.util.List;

/**
 * One channel of all images of a batch, and what is known of its numbers since they were written.
 *
 * <p>Whoever writes to a row says so with {@link #changed} or leaves the new moments with it;
 * matrices that share a row share this knowledge.
 *
 * <p>A gradient may lack a {@link Debt}, which is paid before anything reads it. What all layers of
 * a dense block owe to the gradient of a feature that they have read is thus added to it at once.
 */
final class FeatureRow {

  /** Something to be added to each number: {@code b · (x[i] − mean) + c}. */
  record Debt(FeatureRow x, double mean, double b, double c) {

    private boolean isOfTheSame(Debt other) {
      return x.isSame(other.x) && mean == other.mean;
    }

    private Debt plus(Debt other) {
      return new Debt(x, mean, b + other.b, c + other.c);
    }
  }

  final float[] array;
  final int at;

  private Debt debt;
  private List<FeatureRow> list;

  private boolean hasMoments;
  private double mean;
  private double variance;

  FeatureRow(float[] array, int at) {
    this.array = array;
    this.at = at;
  }

  private boolean isSame(FeatureRow other) {
    return array == other.array && at == other.at;
  }

  /**
   * Tells whether the row lacks something that is reckoned from what it has taken the place of, and
   * what only the convolution that made that can make again.
   */
  boolean owesOfReplaced() {
    return debt != null && isSame(debt.x);
  }

  /** Forgets what is known, after something has been added. */
  void changed() {
    hasMoments = false;
  }

  /** Forgets what is known, and what was owed, after all numbers have been written. */
  void replaced() {
    hasMoments = false;
    debt = null;
  }

  /** Returns what is to be added, or null. */
  Debt debt() {
    return debt;
  }

  /** Tells whether {@link #owe} can take {@code more} on. */
  boolean canOwe(Debt more) {
    return debt == null || debt.isOfTheSame(more);
  }

  /** Puts off adding {@code more}. */
  void owe(Debt more) {
    debt = debt == null ? more : debt.plus(more);
    hasMoments = false;
  }

  /** Says that nothing is to be added any more. */
  void paid() {
    debt = null;
  }

  /**
   * Tells whether {@code asked} has not asked this row before, since another one did. Rows live for
   * a step, and a set would have Java give each a hash code first, which takes longer than all else
   * that is done for a list.
   */
  boolean isNewTo(List<FeatureRow> asked) {
    boolean isNew = list != asked;
    list = asked;
    return isNew;
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
    replaced();
    hasMoments = true;
    mean = newMean;
    variance = newVariance;
  }

  /** Takes the moments of {@code other} over, of which this is a copy. */
  void copied(FeatureRow other) {
    replaced();
    hasMoments = other.hasMoments;
    mean = other.mean;
    variance = other.variance;
  }
}
