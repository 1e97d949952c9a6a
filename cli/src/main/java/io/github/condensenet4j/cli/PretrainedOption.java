package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.io.FileProblem;
import io.github.condensenet4j.core.model.ModelFile;
import io.github.condensenet4j.core.model.WeightsKind;
import io.github.condensenet4j.core.pretrained.PretrainedModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** A trained model, off the class path by its name or from a file. */
final class PretrainedOption {

  @Option(
      names = "--pretrained",
      paramLabel = "NAME|MODEL",
      description =
          "Trained model in the place of MODEL: by its name or the name of its data set, as"
              + " 'models' lists what is there, or a model file.")
  private String word;

  /** Tells whether a model is named. */
  boolean isGiven() {
    return word != null;
  }

  /** Returns what the model is called in messages. */
  Path name() {
    return Path.of(word);
  }

  /** Returns what repeats the choice from any folder. */
  String absolute() {
    return isFile() ? name().toAbsolutePath().toString() : word;
  }

  /**
   * Reads the model.
   *
   * @param form which of the two files of an artifact
   * @param weights which weights; without a choice the moving average where there is one
   * @param named the network that the command line names; a checkpoint does not say its own
   */
  ModelInput read(Form form, Optional<WeightsKind> weights, Optional<ModelDescription> named) {
    if (isFile()) {
      return ModelInput.read(name(), weights, named);
    }
    try (ModelFile file = PretrainedModels.named(word).open(form)) {
      return ModelInput.of(name(), file, weights, named);
    }
  }

  /** Returns the size of the trained model's file. */
  long bytes() {
    if (!isFile()) {
      return PretrainedModels.named(word).card().file(Form.TRAINABLE).bytes();
    }
    try {
      return Files.size(name());
    } catch (IOException e) {
      throw FileProblem.reading(name(), e);
    }
  }

  private boolean isFile() {
    return name().getNameCount() > 1
        || name().isAbsolute()
        || word.matches(".*\\.(zip|pth|tar)")
        || Files.isRegularFile(name());
  }
}
