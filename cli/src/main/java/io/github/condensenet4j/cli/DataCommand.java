package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.InvalidOptionException;
import java.util.List;
import picocli.CommandLine.Command;

/** What can be done with images alone; its commands do it. */
@Command(
    name = "data",
    description = {
      "Looks at images as training and evaluation get them.",
      "'data check' finds those that cannot be read, 'data bench' tells how fast they come."
    })
final class DataCommand extends SubCommand {

  DataCommand(Console console) {
    super(console);
  }

  /** Returns the commands below this one. */
  List<SubCommand> subcommands() {
    return List.of(new DataCheckCommand(console()), new DataBenchCommand(console()));
  }

  @Override
  public Integer call() {
    throw new InvalidOptionException("name what to do with the data: data check or data bench");
  }
}
