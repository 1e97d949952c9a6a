package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.InvalidOptionException;
import picocli.CommandLine.Option;

/** How many images go through a network at a time; answers do not depend on it. */
final class BatchOption {

  @Option(
      names = {"-b", "--batch-size"},
      paramLabel = "N",
      defaultValue = "32",
      description = "Images that go through the network at a time; ${DEFAULT-VALUE}.")
  private Integer size;

  int size() {
    if (size < 1) {
      throw new InvalidOptionException("--batch-size", "1 or more", size);
    }
    return size;
  }
}
