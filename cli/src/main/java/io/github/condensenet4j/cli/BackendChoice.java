package io.github.condensenet4j.cli;

import java.util.Locale;

/** Which of ND4J's backends is asked for. */
enum BackendChoice {
  /** CUDA where the jar has it and the machine a device, else the CPU. */
  AUTO,
  CPU,
  CUDA;

  /** Returns the word of the option {@code --backend}. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
