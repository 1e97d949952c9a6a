package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.architecture.Architecture;
import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.core.architecture.Knob;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.model.WeightsKind;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
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

  /**
   * Reads {@code file}, which must hold the network that is named, if one is.
   *
   * @param weights which weights; without a choice the moving average where there is one
   * @throws InvalidFileException if the file is damaged, foreign or hostile
   * @throws InvalidOptionException if the file holds another network
   */
  ModelInput read(Path file, Optional<WeightsKind> weights) {
    return checked(file, named -> ModelInput.read(file, weights, named));
  }

  /**
   * Reads the model of {@code pretrained}, which must be of the network that is named, if one is.
   *
   * @param form which of the two files of an artifact
   * @param weights which weights; without a choice the moving average where there is one
   */
  ModelInput read(PretrainedOption pretrained, Form form, Optional<WeightsKind> weights) {
    return checked(pretrained.name(), named -> pretrained.read(form, weights, named));
  }

  private ModelInput checked(Path file, Function<Optional<ModelDescription>, ModelInput> reading) {
    Optional<ModelDescription> wanted = model();
    ModelInput input = reading.apply(wanted);
    wanted.ifPresent(
        network -> requireKnobs(file, network.architecture(), input.model().architecture()));
    return input;
  }

  /** A free name fits many networks; each knob that is turned must be as in the file. */
  private void requireKnobs(Path file, Architecture wanted, Architecture found) {
    for (Knob knob : architecture.knobs().keySet()) {
      String here = found.knobs().get(knob);
      String asked = wanted.knobs().get(knob);
      // Dropping inputs is a matter of training, not of what the file answers.
      if (knob != Knob.DROP_RATE && !asked.equals(here)) {
        throw new InvalidOptionException(
            "--" + knob.spelling() + " is " + asked + ", the network in " + file + " has " + here);
      }
    }
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
