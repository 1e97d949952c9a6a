package io.github.condensenet4j.zoo;

import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.cost.ModelCost;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.metrics.ClassificationMetrics;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a conversion changed.
 *
 * @param paramsBefore weights of the trained network
 * @param paramsAfter weights of the condensed one
 * @param flopsBefore operations of the trained network by the official counter, which takes learned
 *     convolutions for condensed already
 * @param flopsAfter operations of the condensed one
 * @param maxLogitDifference largest difference of a logit on the given images
 * @param top1Before percentage of the images that the trained network got right
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
   * Compares two graphs on images.
   *
   * @param images {@code [N, 3, H, W]}
   * @param labels true class of each
   */
  public static ConversionReport of(
      ModelDescription modelBefore,
      ComputationGraph before,
      ModelDescription modelAfter,
      ComputationGraph after,
      INDArray images,
      int[] labels) {
    float[][] logitsBefore = ModelGraphs.logits(before, images).toFloatMatrix();
    float[][] logitsAfter = ModelGraphs.logits(after, images).toFloatMatrix();
    return new ConversionReport(
        ModelCost.of(modelBefore).trainableParams(),
        ModelCost.of(modelAfter).trainableParams(),
        ModelCost.of(modelBefore).flops(),
        ModelCost.of(modelAfter).flops(),
        difference(logitsBefore, logitsAfter),
        top1(logitsBefore, labels),
        top1(logitsAfter, labels));
  }

  private static double difference(float[][] before, float[][] after) {
    double largest = 0;
    for (int n = 0; n < before.length; n++) {
      for (int c = 0; c < before[n].length; c++) {
        largest = Math.max(largest, Math.abs(before[n][c] - after[n][c]));
      }
    }
    return largest;
  }

  private static double top1(float[][] logits, int[] labels) {
    ClassificationMetrics metrics = new ClassificationMetrics();
    for (int n = 0; n < labels.length; n++) {
      metrics.add(logits[n], labels[n]);
    }
    return metrics.top1();
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
