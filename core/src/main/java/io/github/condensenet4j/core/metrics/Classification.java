package io.github.condensenet4j.core.metrics;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One class that a picture may show.
 *
 * @param name its name, or its number where names are not known
 * @param index its number
 * @param probability 0 to 1
 */
public record Classification(String name, int index, double probability) {

  /**
   * Returns the most probable classes, the first first; of equally probable ones the lower number.
   *
   * @param logits scores before softmax, one for each class
   * @param classNames names of the classes, or none
   * @param top how many classes to return, at most all
   */
  public static List<Classification> of(float[] logits, List<String> classNames, int top) {
    float[] probabilities = Logits.softmax(logits);
    return IntStream.range(0, logits.length)
        .boxed()
        .sorted(Comparator.<Integer>comparingDouble(index -> -logits[index]))
        .limit(top)
        .map(
            index ->
                new Classification(
                    classNames.isEmpty() ? String.valueOf(index) : classNames.get(index),
                    index,
                    probabilities[index]))
        .toList();
  }
}
