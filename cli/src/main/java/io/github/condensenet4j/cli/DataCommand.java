package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.InvalidOptionException;
import java.util.List;
import picocli.CommandLine.Command;

/** What can be done with images alone; its commands do it. */
@Command(
    name = "data",
    description = {
      "Looks at images as training and evaluation get them.",
      "'data index' lists a large folder once, 'data check' finds images that cannot be read, 'data"
          + " preview' shows what training does to them, 'data bench' tells how fast they come."
    })
final class DataCommand extends SubCommand {

  DataCommand(Console console) {
    super(console);
  }

  /** Returns the commands below this one. */
  List<SubCommand> subcommands() {
    return List.of(
        new DataIndexCommand(console()),
        new DataCheckCommand(console()),
        new DataPreviewCommand(console()),
        new DataBenchCommand(console()));
  }

  @Override
  public Integer call() {
    throw new InvalidOptionException(
        "name what to do with the data: data index, data check, data preview or data bench");
  }
}
