package io.github.condensenet4j.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/** How a result says that it does not speak for all images. */
final class UnreadableImages {

  private UnreadableImages() {}

  /**
   * Prints a line for each image that was left out, and one that counts them.
   *
   * @param sentences a sentence an image, with its name
   */
  static void tell(List<String> sentences, PrintStream log) {
    if (!sentences.isEmpty()) {
      sentences.forEach(sentence -> log.println("left out: " + sentence));
      log.println(
          "warning: "
              + sentences.size()
              + (sentences.size() == 1 ? " image" : " images")
              + " could not be read; the result is without "
              + (sentences.size() == 1 ? "it" : "them"));
    }
  }

  /** Puts the sentences into the JSON of a result, if there are any. */
  static void putInto(Map<String, Object> facts, List<String> sentences) {
    if (!sentences.isEmpty()) {
      facts.put("unreadable", sentences);
    }
  }
}
