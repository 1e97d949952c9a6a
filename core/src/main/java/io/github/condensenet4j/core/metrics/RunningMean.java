package io.github.condensenet4j.core.metrics;

/** The mean of values that come one after the other, each with a weight. */
public final class RunningMean {

  private double sum;
  private double weight;

  /** Adds {@code value}, which stands for {@code count} images. */
  public void add(double value, double count) {
    sum += value * count;
    weight += count;
  }

  /** Returns the mean so far; not-a-number before the first value. */
  public double mean() {
    return sum / weight;
  }

  /** Forgets all values. */
  public void clear() {
    sum = 0;
    weight = 0;
  }
}
