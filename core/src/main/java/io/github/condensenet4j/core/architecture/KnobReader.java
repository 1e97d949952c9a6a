package io.github.condensenet4j.core.architecture;

import io.github.condensenet4j.core.InvalidOptionException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Takes knob after knob out of a map of texts and reads them as numbers. */
final class KnobReader {

  private final String family;
  private final Map<Knob, String> left;

  KnobReader(String family, Map<Knob, String> values) {
    this.family = family;
    this.left = new EnumMap<>(Knob.class);
    left.putAll(values);
  }

  /** Reads {@code 8-16-32}. */
  List<Integer> numbers(Knob knob) {
    String text = take(knob);
    try {
      return Arrays.stream(text.split("-", -1)).map(part -> Integer.valueOf(part.trim())).toList();
    } catch (NumberFormatException e) {
      throw wrong(knob, text, "whole numbers with dashes between them, as in 4-6-8,");
    }
  }

  int number(Knob knob) {
    String text = take(knob);
    try {
      return Integer.parseInt(text.trim());
    } catch (NumberFormatException e) {
      throw wrong(knob, text, "a whole number");
    }
  }

  int numberOr(Knob knob, int otherwise) {
    return left.containsKey(knob) ? number(knob) : otherwise;
  }

  double fraction(Knob knob) {
    String text = take(knob);
    try {
      return Double.parseDouble(text.trim());
    } catch (NumberFormatException e) {
      throw wrong(knob, text, "a number");
    }
  }

  /** Refuses knobs that nobody took. */
  void end() {
    if (!left.isEmpty()) {
      throw new InvalidOptionException(
          "--" + left.keySet().iterator().next().spelling() + " means nothing to " + family);
    }
  }

  private String take(Knob knob) {
    String text = left.remove(knob);
    if (text == null) {
      throw new InvalidOptionException("--" + knob.spelling() + " is missing for " + family);
    }
    return text;
  }

  private static InvalidOptionException wrong(Knob knob, String found, String expected) {
    return new InvalidOptionException(
        "--" + knob.spelling() + " is " + found + ", " + expected + " expected");
  }
}
