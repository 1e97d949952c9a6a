package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.InvalidOptionException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which images. */
final class DataOptions {

  @Option(
      names = "--dataset",
      paramLabel = "cifar10|cifar100|imagefolder|npz",
      description = "Layout of the data; what it looks like without it.")
  private String dataset;

  @Option(
      names = {"--data", "--data-url", "--data-dir"},
      paramLabel = "PATH",
      description =
          "Folder, archive (.tar, .zip) or file with the images; may hold train/ and val/, or"
              + " archives of them.")
  private Path data;

  @Option(
      names = "--val-data",
      paramLabel = "PATH",
      description = "Folder or file with images to evaluate with.")
  private Path valData;

  @Option(
      names = "--scaled-decode",
      description =
          "Decodes large JPEG pictures to a half, a quarter or an eighth of their size where that"
              + " is enough: faster, but not pixel for pixel what the reference sees.")
  private boolean scaledDecode;

  @Option(
      names = {"-j", "--loader-threads"},
      paramLabel = "N",
      description = "Threads that read images ahead; ${DEFAULT-VALUE}.",
      defaultValue = "2")
  private Integer loaderThreads;

  /** Tells whether any images are named. */
  boolean isGiven() {
    return data != null || valData != null;
  }

  /**
   * Returns the data that is named.
   *
   * @param position where a command takes it without an option's name, else null
   * @throws InvalidOptionException if none is, or no such layout exists
   */
  Datasets datasets(Path position) {
    // The official CondenseNet names the layout where its data usually is.
    boolean isLayout = position != null && position.toString().matches("cifar100?");
    Path named = data == null ? position : data;
    if (named == null && valData == null) {
      throw new InvalidOptionException("the data is missing; name it with --data");
    }
    Path first = named == null ? valData : named;
    String word = dataset == null && isLayout ? position.toString() : dataset;
    DatasetKind kind = word == null ? DatasetKind.guess(first) : DatasetKind.of(word);
    return new Datasets(kind, first, Optional.ofNullable(valData), scaledDecode);
  }

  /** Returns how many threads read ahead. */
  int loaderThreads() {
    if (loaderThreads < 1) {
      throw new InvalidOptionException("-j", "1 or more", loaderThreads);
    }
    return loaderThreads;
  }

  /** Puts what is given into {@code arguments}, to repeat it from any folder. */
  void recordIn(Map<String, Object> arguments, Path position) {
    Datasets datasets = datasets(position);
    arguments.put("dataset", datasets.kind().word());
    arguments.put("data", datasets.data().toAbsolutePath().toString());
    datasets
        .valData()
        .ifPresent(path -> arguments.put("val-data", path.toAbsolutePath().toString()));
    if (scaledDecode) {
      arguments.put("scaled-decode", true);
    }
    arguments.put("loader-threads", loaderThreads);
  }
}
