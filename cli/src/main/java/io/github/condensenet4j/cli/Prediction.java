package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.metrics.Classification;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a picture shows, or why that is not known.
 *
 * @param file the picture
 * @param classes its most probable classes, the first first; empty if there is an error
 * @param error why there are none, or null
 */
record Prediction(Path file, List<Classification> classes, String error) {

  /** Returns the {@code top} most probable classes for {@code logits}. */
  static Prediction of(Path file, float[] logits, List<String> classNames, int top) {
    return new Prediction(file, Classification.of(logits, classNames, top), null);
  }

  static Prediction failed(Path file, String error) {
    return new Prediction(file, List.of(), error);
  }

  boolean isAnswered() {
    return error == null;
  }

  /** Returns the members of the JSON. */
  Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("file", file.toString());
    if (error != null) {
      facts.put("error", error);
      return facts;
    }
    facts.put("classes", classes.stream().map(Prediction::facts).toList());
    return facts;
  }

  private static Map<String, Object> facts(Classification guess) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("name", guess.name());
    facts.put("index", guess.index());
    facts.put("probability", guess.probability());
    return facts;
  }
}
