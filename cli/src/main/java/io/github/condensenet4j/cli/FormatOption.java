package io.github.condensenet4j.cli;

import picocli.CommandLine.Option;

/** How a command prints its result. */
final class FormatOption {

  @Option(
      names = "--format",
      paramLabel = "text|json",
      defaultValue = "text",
      converter = OutputFormat.Converter.class,
      description = "How to print; ${DEFAULT-VALUE} without it.")
  private OutputFormat format;

  boolean isJson() {
    return format == OutputFormat.JSON;
  }
}
