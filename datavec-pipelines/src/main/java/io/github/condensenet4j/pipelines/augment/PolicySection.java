package io.github.condensenet4j.pipelines.augment;

import io.github.condensenet4j.core.InvalidOptionException;
import java.util.ArrayList;
import java.util.List;

/**
 * A section of timm's words for policies, {@code m9} in {@code rand-m9-mstd0.5}.
 *
 * @param key letters
 * @param value what comes after them, from the first digit on
 * @param section both
 * @param text the whole word, for messages
 */
record PolicySection(String key, String value, String section, String text) {

  private static final String ANY = "inf";

  /**
   * Cuts {@code text} into the sections behind {@code name}.
   *
   * @throws InvalidOptionException if it does not begin with {@code name}
   */
  static List<PolicySection> of(String text, String name) {
    String[] parts = text.split("-", -1);
    if (!parts[0].equals(name)) {
      throw new InvalidOptionException(
          "--aa", "rand-…, augmix-…, original, originalr, v0 or v0r", text);
    }
    List<PolicySection> sections = new ArrayList<>();
    for (int i = 1; i < parts.length; i++) {
      String part = parts[i];
      int digit = 0;
      while (digit < part.length() && Character.isLetter(part.charAt(digit))) {
        digit++;
      }
      // The only number that begins with letters.
      if (part.equals("mstd" + ANY)) {
        digit -= ANY.length();
      }
      if (digit == part.length()) {
        throw new InvalidOptionException(
            "--aa " + text, "letters and a number between dashes", "'" + part + "'");
      }
      sections.add(new PolicySection(part.substring(0, digit), part.substring(digit), part, text));
    }
    return sections;
  }

  int whole() {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw refused("a whole number after " + key);
    }
  }

  double number() {
    try {
      return value.equals(ANY) ? Double.POSITIVE_INFINITY : Double.parseDouble(value);
    } catch (NumberFormatException e) {
      throw refused("a number after " + key);
    }
  }

  InvalidOptionException refused(String expected) {
    return new InvalidOptionException("--aa " + text, expected, "'" + section + "'");
  }
}
