package io.github.condensenet4j.cli;

import java.util.Locale;

/** What computes a network's answers. */
enum EngineChoice {
  /** The engine for converted networks, ND4J for the others. */
  AUTO,
  /** The engine in plain Java, for converted networks. */
  SIMD,
  /** DL4J's graph on ND4J's backend. */
  ND4J;

  /** Returns the word of the option {@code --engine}. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
