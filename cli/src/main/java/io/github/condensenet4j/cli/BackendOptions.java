package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.InvalidOptionException;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** What the numbers are crunched with. */
final class BackendOptions {

  @Option(
      names = "--backend",
      paramLabel = "auto|cpu|cuda",
      defaultValue = "auto",
      description = "ND4J backend; ${DEFAULT-VALUE} without it.")
  private BackendChoice backend;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Cores to use at most; all without it.")
  private Integer threads;

  /** Returns the backend that is asked for. */
  BackendChoice backend() {
    return backend;
  }

  /** Returns the greatest number of cores to use, if one is given. */
  OptionalInt threads() {
    if (threads == null) {
      return OptionalInt.empty();
    }
    if (threads < 1) {
      throw new InvalidOptionException("--threads", "1 or more", threads);
    }
    return OptionalInt.of(threads);
  }
}
