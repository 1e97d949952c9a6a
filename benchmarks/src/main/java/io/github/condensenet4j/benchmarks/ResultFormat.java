package io.github.condensenet4j.benchmarks;

import io.github.condensenet4j.core.InvalidOptionException;

/** How results are printed. */
final class ResultFormat {

  private ResultFormat() {}

  /** Tells whether the value of {@code --format} is json, not text. */
  static boolean isJson(String format) {
    return switch (format) {
      case "text" -> false;
      case "json" -> true;
      default -> throw new InvalidOptionException("--format", "text or json", format);
    };
  }
}
