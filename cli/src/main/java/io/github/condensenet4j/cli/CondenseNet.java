package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.InvalidOptionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The program itself; the work is in its subcommands. */
@Command(
    name = "condensenet",
    description = "Trains, condenses, converts and runs CondenseNet and CondenseNetV2.",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    footer = {"", "'COMMAND --help' lists the options of a command."})
final class CondenseNet implements Runnable {

  @Spec private CommandSpec spec;

  /** Runs when no command is given. */
  @Override
  public void run() {
    throw new InvalidOptionException(
        "a command is missing, one of "
            + String.join(", ", spec.subcommands().keySet())
            + " expected; --help says more");
  }
}
