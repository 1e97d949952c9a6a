package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.InvalidFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The options of a run by its {@code args.yaml}, as they can be shown to others: without folders of
 * the machine that it ran on.
 *
 * @param recipe the options by name
 */
record RunArguments(Map<String, String> recipe) {

  private static final Set<String> OF_THE_MACHINE =
      Set.of("output", "loader-threads", "checkpoint-every", "log-steps", "workers");

  /**
   * Reads {@code file}.
   *
   * @throws InvalidFileException if it is not there, or holds no options
   */
  static RunArguments read(Path file) {
    Map<String, String> recipe = new LinkedHashMap<>(ConfigFile.read(file).values());
    recipe.keySet().removeAll(OF_THE_MACHINE);
    recipe.replaceAll((option, value) -> withoutFolder(value));
    return new RunArguments(recipe);
  }

  private static String withoutFolder(String value) {
    Path path = Path.of(value);
    return path.isAbsolute() && path.getFileName() != null ? path.getFileName().toString() : value;
  }

  /** Returns the command line that repeats the run. */
  String commandLine() {
    return recipe.entrySet().stream()
        .filter(option -> !option.getValue().equals("false"))
        .map(
            option ->
                "--"
                    + option.getKey()
                    + (option.getValue().equals("true") ? "" : " " + option.getValue()))
        .collect(Collectors.joining(" ", "train ", ""));
  }
}
