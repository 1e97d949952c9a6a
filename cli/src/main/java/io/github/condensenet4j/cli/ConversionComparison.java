package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.metrics.ClassificationMetrics;
import io.github.condensenet4j.pipelines.EvaluationBatches;
import io.github.condensenet4j.pipelines.LabeledImages;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.nd4j.linalg.dataset.DataSet;

/** Whether a converted network answers as the trained one did. */
final class ConversionComparison {

  private static final int NOISE_IMAGES = 8;

  private final Predictor before;
  private final Predictor after;
  private final ClassificationMetrics metricsBefore = new ClassificationMetrics();
  private final ClassificationMetrics metricsAfter = new ClassificationMetrics();
  private List<String> unreadable = List.of();
  private double largestDifference;

  ConversionComparison(Predictor before, Predictor after) {
    this.before = before;
    this.after = after;
  }

  /**
   * Compares the answers to all of {@code images}.
   *
   * @throws InvalidFileException if none of them can be read
   */
  void addAll(LabeledImages images, int batchSize, int threads) {
    try (EvaluationBatches batches = new EvaluationBatches(images, batchSize, threads)) {
      while (batches.hasNext()) {
        DataSet batch = batches.next();
        float[][] logitsBefore = before.logits(batch.getFeatures());
        float[][] logitsAfter = after.logits(batch.getFeatures());
        int[] labels = batch.getLabels().argMax(1).toIntVector();
        for (int image = 0; image < labels.length; image++) {
          metricsBefore.add(logitsBefore[image], labels[image]);
          metricsAfter.add(logitsAfter[image], labels[image]);
        }
        add(logitsBefore, logitsAfter);
      }
      unreadable = List.copyOf(batches.unreadable().values());
    }
    if (metricsAfter.images() == 0) {
      throw new InvalidFileException(
          images.name(0), "none of the " + images.size() + " images can be read");
    }
  }

  /** Compares the answers to a few images of normal noise, always the same. */
  void addNoise(int imageSize) {
    Random random = new Random(0);
    List<float[]> noise = new ArrayList<>();
    for (int image = 0; image < NOISE_IMAGES; image++) {
      float[] values = new float[3 * imageSize * imageSize];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      noise.add(values);
    }
    add(before.logits(noise), after.logits(noise));
  }

  private void add(float[][] logitsBefore, float[][] logitsAfter) {
    for (int image = 0; image < logitsBefore.length; image++) {
      for (int i = 0; i < logitsBefore[image].length; i++) {
        double difference = Math.abs(logitsBefore[image][i] - logitsAfter[image][i]);
        largestDifference = Math.max(largestDifference, difference);
      }
    }
  }

  /** Returns a sentence for each image that could not be read and was left out. */
  List<String> unreadable() {
    return unreadable;
  }

  /** Returns the largest difference of two scores so far. */
  double largestDifference() {
    return largestDifference;
  }

  /** Returns the top-1 of the trained network, 0 to 100. */
  double top1Before() {
    return metricsBefore.top1();
  }

  /** Returns the top-1 of the converted network, 0 to 100. */
  double top1After() {
    return metricsAfter.top1();
  }
}
