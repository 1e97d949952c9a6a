package io.github.condensenet4j.cli;

import io.github.condensenet4j.training.evaluation.EvaluationResult;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Shows how well a network classified images. */
final class EvaluationView {

  private EvaluationView() {}

  /** Returns the members of the JSON. */
  static Map<String, Object> facts(EvaluationResult result) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("top1", result.top1());
    facts.put("top5", result.top5());
    facts.put("loss", result.loss());
    facts.put("images", result.images());
    facts.put("imagesPerSecond", result.imagesPerSecond());
    UnreadableImages.putInto(facts, result.unreadable());
    return facts;
  }

  /** Returns one line for a person. */
  static String line(EvaluationResult result) {
    return String.format(
        Locale.ROOT,
        "top-1 %.2f %%, top-5 %.2f %%, loss %.4f, %d images, %.1f images/s",
        result.top1(),
        result.top5(),
        result.loss(),
        result.images(),
        result.imagesPerSecond());
  }
}
