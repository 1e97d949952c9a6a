package io.github.condensenet4j.training.evaluation;

import io.github.condensenet4j.core.metrics.ClassificationMetrics;
import io.github.condensenet4j.pipelines.ViewedImages;

/** Averages the logits of the views of each image, which come one after the other. */
final class ViewAverage {

  private final ViewedImages images;
  private final ClassificationMetrics metrics;
  private float[] sum;
  private int added;

  ViewAverage(ViewedImages images, ClassificationMetrics metrics) {
    this.images = images;
    this.metrics = metrics;
  }

  /** Takes the logits of the next view; the last one of an image decides its answer. */
  void add(int view, float[] logits) {
    if (images.views() == 1) {
      metrics.add(logits, images.label(view));
      return;
    }
    if (view % images.views() == 0) {
      sum = new float[logits.length];
      added = 0;
    }
    for (int c = 0; c < logits.length; c++) {
      sum[c] += logits[c];
    }
    added++;
    if (added == images.views()) {
      for (int c = 0; c < sum.length; c++) {
        sum[c] /= added;
      }
      metrics.add(sum, images.label(view));
    }
  }
}
