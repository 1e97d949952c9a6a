package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.metrics.Logits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What a picture shows, or why that is not known.
 *
 * @param file the picture
 * @param classes its most probable classes, the first first; empty if there is an error
 * @param error why there are none, or null
 */
record Prediction(Path file, List<Guess> classes, String error) {

  /**
   * One class that a picture may show.
   *
   * @param name its name, or its number where names are not known
   * @param index its number
   * @param probability 0 to 1
   */
  record Guess(String name, int index, double probability) {}

  /** Returns the {@code top} most probable classes for {@code logits}. */
  static Prediction of(Path file, float[] logits, List<String> classNames, int top) {
    float[] probabilities = Logits.softmax(logits);
    List<Guess> guesses = new ArrayList<>();
    IntStream.range(0, logits.length)
        .boxed()
        // Of equal ones the first class, as everywhere.
        .sorted(Comparator.<Integer>comparingDouble(index -> -logits[index]))
        .limit(top)
        .forEach(
            index ->
                guesses.add(
                    new Guess(
                        classNames.isEmpty() ? String.valueOf(index) : classNames.get(index),
                        index,
                        probabilities[index])));
    return new Prediction(file, guesses, null);
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

  private static Map<String, Object> facts(Guess guess) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("name", guess.name());
    facts.put("index", guess.index());
    facts.put("probability", guess.probability());
    return facts;
  }
}
