package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.architecture.ModelDescription;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** A network by name and knobs, where a file does not say it. */
final class NamedModelOptions {

  private final ArchitectureOptions architecture;
  private final OptionSpec name;

  /** Gives {@code command} the option {@code --model} and the knobs. */
  NamedModelOptions(CommandSpec command) {
    architecture = new ArchitectureOptions(command);
    name =
        OptionSpec.builder("--model")
            .type(String.class)
            .paramLabel("NAME")
            .description("Network of an official checkpoint, by its name in 'models'.")
            .build();
    command.addOption(name);
  }

  /** Returns the network, if one is named. */
  Optional<ModelDescription> model() {
    String word = name.getValue();
    if (word == null) {
      if (!architecture.knobs().isEmpty()) {
        throw new InvalidOptionException(
            "--"
                + architecture.knobs().keySet().iterator().next().spelling()
                + " changes a network that --model names, and --model is missing");
      }
      return Optional.empty();
    }
    return Optional.of(
        ArchitectureRegistry.describe(ModelName.unofficial(word), architecture.knobs()));
  }
}
