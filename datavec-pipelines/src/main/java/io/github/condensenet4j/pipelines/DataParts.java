package io.github.condensenet4j.pipelines;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where training and validation data lie below one path: in its folders {@code train} and {@code
 * val}, or all of it is for training.
 *
 * @param training what to train on
 * @param validation what to judge by, if there is any
 */
public record DataParts(Path training, Optional<Path> validation) {

  /** Returns the parts of {@code data}. */
  public static DataParts of(Path data) {
    Path train = data.resolve("train");
    Path val = data.resolve("val");
    return new DataParts(
        Files.isDirectory(train) ? train : data,
        Files.isDirectory(val) ? Optional.of(val) : Optional.empty());
  }

  /** Returns what to judge a model by: the validation part, or all of it if there is none. */
  public Path evaluation() {
    return validation.orElse(training);
  }
}
