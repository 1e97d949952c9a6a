package io.github.condensenet4j.core.metrics;

import io.github.condensenet4j.core.CondenseNetException;

/** Top-1, top-5 and cross-entropy over many images. */
public final class ClassificationMetrics {

  private static final int FEW = 5;

  private long images;
  private long first;
  private long amongFew;
  private double loss;

  /**
   * Adds one image.
   *
   * @param logits scores before softmax, {@code [classes]}
   * @param label index of the true class
   * @throws CondenseNetException if there is no such class
   */
  public void add(float[] logits, int label) {
    if (label < 0 || label >= logits.length) {
      throw new CondenseNetException(
          "label is %d, 0 to %d expected for %d classes"
              .formatted(label, logits.length - 1, logits.length));
    }
    int rank = Logits.rank(logits, label);
    images++;
    first += rank == 0 ? 1 : 0;
    amongFew += rank < FEW ? 1 : 0;
    loss += Logits.crossEntropy(logits, label, 0);
  }

  /** Returns the number of images so far. */
  public long images() {
    return images;
  }

  /** Returns the percentage of images whose true class scored highest; 0 without images. */
  public double top1() {
    return percentage(first);
  }

  /** Returns the percentage of images whose true class was among the five highest scores. */
  public double top5() {
    return percentage(amongFew);
  }

  /** Returns the mean cross-entropy, in nats; 0 without images. */
  public double loss() {
    return images == 0 ? 0 : loss / images;
  }

  private double percentage(long part) {
    return images == 0 ? 0 : 100.0 * part / images;
  }
}
