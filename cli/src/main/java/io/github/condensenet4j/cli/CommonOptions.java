package io.github.condensenet4j.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** What every command takes. */
@SuppressWarnings("UnusedVariable") // the parser's, and for the help
final class CommonOptions {

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this and ends.")
  private boolean help;

  /** Read by {@link Program} before the command line is parsed; here for the help. */
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "YAML file with defaults for the options of this command, by their long names.")
  private Path config;

  /** Read by {@link Program} before the command line is parsed; here for the help. */
  @Option(
      names = Program.STACKTRACE,
      description = "Shows where an error comes from, below its one line.")
  private boolean stacktrace;
}
