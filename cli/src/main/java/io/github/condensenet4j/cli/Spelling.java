package io.github.condensenet4j.cli;

/**
 * Makes one spelling of the several that the official scripts use: {@code --data_url} and {@code
 * --data-url} are the same option.
 */
final class Spelling {

  private Spelling() {}

  /** Returns {@code args} with dashes for the underscores in the names of long options. */
  static String[] withDashes(String[] args) {
    String[] spelled = args.clone();
    for (int i = 0; i < spelled.length && !spelled[i].equals("--"); i++) {
      if (spelled[i].startsWith("--")) {
        spelled[i] = withDashes(spelled[i]);
      }
    }
    return spelled;
  }

  private static String withDashes(String option) {
    int end = option.indexOf('=');
    String name = end < 0 ? option : option.substring(0, end);
    return name.replace('_', '-') + option.substring(name.length());
  }
}
