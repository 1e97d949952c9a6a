package io.github.condensenet4j.zoo;

import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.cost.ModelCost;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.metrics.ClassificationMetrics;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.dataset.DataSet;

/**
 * What a conversion changed.
 *
 * @param paramsBefore weights of the trained network, all of them
 * @param paramsAfter weights of the condensed one
 * @param flopsBefore operations of the trained network by the official counter, which takes learned
 *     convolutions for condensed already
 * @param flopsAfter operations of the condensed one
 * @param maxLogitDifference largest difference of a logit on the given images
 * @param top1Before percentage of the images that the trained network got right; 0 if none has a
 *     label
 * @param top1After percentage that the condensed one got right
 */
public record ConversionReport(
    long paramsBefore,
    long paramsAfter,
    long flopsBefore,
    long flopsAfter,
    double maxLogitDifference,
    double top1Before,
    double top1After) {

  /**
   * Compares two graphs batch by batch.
   *
   * @param batches features {@code [N, 3, H, W]} and labels {@code [N, classes]}, 1 at the true
   *     class; or no labels
   */
  public static ConversionReport of(
      ModelDescription modelBefore,
      ComputationGraph before,
      ModelDescription modelAfter,
      ComputationGraph after,
      Iterator<DataSet> batches) {
    ClassificationMetrics metricsBefore = new ClassificationMetrics();
    ClassificationMetrics metricsAfter = new ClassificationMetrics();
    double largest = 0;
    while (batches.hasNext()) {
      DataSet batch = batches.next();
      float[][] logitsBefore = ModelGraphs.logits(before, batch.getFeatures()).toFloatMatrix();
      float[][] logitsAfter = ModelGraphs.logits(after, batch.getFeatures()).toFloatMatrix();
      largest = Math.max(largest, difference(logitsBefore, logitsAfter));
      if (batch.getLabels() != null) {
        int[] labels = batch.getLabels().argMax(1).toIntVector();
        for (int image = 0; image < labels.length; image++) {
          metricsBefore.add(logitsBefore[image], labels[image]);
          metricsAfter.add(logitsAfter[image], labels[image]);
        }
      }
    }
    ModelCost costBefore = ModelCost.of(modelBefore);
    ModelCost costAfter = ModelCost.of(modelAfter);
    return new ConversionReport(
        costBefore.trainableParams(),
        costAfter.trainableParams(),
        costBefore.flops(),
        costAfter.flops(),
        largest,
        metricsBefore.top1(),
        metricsAfter.top1());
  }

  private static double difference(float[][] before, float[][] after) {
    double largest = 0;
    for (int image = 0; image < before.length; image++) {
      for (int c = 0; c < before[image].length; c++) {
        double difference = Math.abs(before[image][c] - after[image][c]);
        largest = Math.max(largest, difference);
      }
    }
    return largest;
  }

  /** Returns the report as JSON, each value under its name. */
  public JsonValue toJson() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("paramsBefore", paramsBefore);
    members.put("paramsAfter", paramsAfter);
    members.put("flopsBefore", flopsBefore);
    members.put("flopsAfter", flopsAfter);
    members.put("maxLogitDifference", maxLogitDifference);
    members.put("top1Before", top1Before);
    members.put("top1After", top1After);
    return JsonValue.of(members);
  }
}
