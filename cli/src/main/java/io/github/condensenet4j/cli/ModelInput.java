package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.architecture.OfficialStateDict;
import io.github.condensenet4j.core.io.FileProblem;
import io.github.condensenet4j.core.model.ModelFile;
import io.github.condensenet4j.core.model.ModelMetadata;
import io.github.condensenet4j.core.model.WeightsKind;
import io.github.condensenet4j.core.preprocessing.Preprocessing;
import io.github.condensenet4j.core.tensor.StateDict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A network with its weights, read from a model file or from another project's file.
 *
 * @param metadata the network and what is known about it
 * @param isImported whether it comes from a checkpoint, which does not say how pictures come to it
 * @param kind which of its weights were read
 * @param weights its tensors
 */
record ModelInput(ModelMetadata metadata, boolean isImported, WeightsKind kind, StateDict weights) {

  private static final int CIFAR_SIZE = 64;

  /** Returns the network. */
  ModelDescription model() {
    return metadata.model();
  }

  /**
   * Reads {@code file}.
   *
   * @param wanted which weights; without a choice the moving average where there is one
   * @param named the network that the command line names; a checkpoint does not say its own
   * @throws InvalidFileException if the file is none of both, damaged or hostile
   * @throws InvalidOptionException if the file holds another network than the named one, or does
   *     not say which and none is named
   */
  static ModelInput read(
      Path file, Optional<WeightsKind> wanted, Optional<ModelDescription> named) {
    return ForeignWeights.isIn(file)
        ? ofCheckpoint(file, wanted, named.orElseThrow(() -> nameless(file)))
        : ofModelFile(file, wanted, named);
  }

  private static ModelInput ofModelFile(
      Path file, Optional<WeightsKind> wanted, Optional<ModelDescription> named) {
    try (ModelFile model = ModelFile.read(file)) {
      return of(file, model, wanted, named);
    }
  }

  /**
   * Takes the weights of a model file that is open.
   *
   * @param name what to call it in messages
   */
  static ModelInput of(
      Path name, ModelFile model, Optional<WeightsKind> wanted, Optional<ModelDescription> named) {
    ModelMetadata metadata = model.metadata();
    named.ifPresent(expected -> checkName(name, expected, metadata.model()));
    WeightsKind kind = wanted.orElse(model.defaultWeights());
    return new ModelInput(metadata, false, kind, model.weights(kind));
  }

  private static ModelInput ofCheckpoint(
      Path file, Optional<WeightsKind> wanted, ModelDescription named) {
    ForeignWeights foreign = ForeignWeights.read(file);
    WeightsKind kind = wanted.orElse(foreign.hasEma() ? WeightsKind.EMA : WeightsKind.RAW);
    StateDict official = foreign.weights(kind);
    ModelDescription model = formed(file, named, official);
    ModelMetadata metadata = ModelMetadata.of(model, usualPreprocessing(model));
    return new ModelInput(metadata, true, kind, adopt(file, model, official));
  }

  /** Returns the tensors of {@code file} as {@code model} has them. */
  static StateDict adopt(Path file, ModelDescription model, StateDict official) {
    try {
      return OfficialStateDict.adopt(model, official);
    } catch (InvalidFileException e) {
      throw e;
    } catch (CondenseNetException e) {
      throw new InvalidFileException(file, e.getMessage(), e);
    }
  }

  /** Returns {@code named} in the form that the tensors of {@code file} have. */
  static ModelDescription formed(Path file, ModelDescription named, StateDict official) {
    Form form = OfficialStateDict.formOf(named.architecture(), official);
    if (form.isCondensed() != named.form().isCondensed()) {
      throw new InvalidOptionException(
          file
              + " holds a "
              + (form.isCondensed() ? "converted" : "trainable")
              + " network, --model is "
              + named.qualifiedName()
              + "; take --model "
              + named.as(form).qualifiedName());
    }
    return named.as(form);
  }

  /** Returns how pictures come to a network of which nothing else is known: by their size. */
  static Preprocessing usualPreprocessing(ModelDescription model) {
    int size = model.architecture().imageSize();
    if (size > CIFAR_SIZE) {
      return Preprocessing.imageNet(size, Preprocessing.interpolationOf(model.name()));
    }
    return model.architecture().numClasses() == 100
        ? Preprocessing.cifar100(size)
        : Preprocessing.cifar10(size);
  }

  /**
   * Refuses to write over the file that is read.
   *
   * @throws InvalidOptionException if {@code target} is {@code source}
   */
  static void requireOther(Path source, Path target) {
    try {
      if (Files.exists(target) && Files.isSameFile(source, target)) {
        throw new InvalidOptionException(
            target + " is the file that is read, and would be lost; name another one to write");
      }
    } catch (IOException e) {
      throw FileProblem.reading(source, e);
    }
  }

  private static void checkName(Path file, ModelDescription named, ModelDescription found) {
    boolean fits =
        named.form().isCondensed() == found.form().isCondensed()
            && (named.name().equals(found.name())
                || named.architecture().equals(found.architecture()));
    if (!fits) {
      throw new InvalidOptionException(
          file + " holds " + found.qualifiedName() + ", --model is " + named.qualifiedName());
    }
  }

  private static InvalidOptionException nameless(Path file) {
    return new InvalidOptionException(
        file + " is a checkpoint, which does not say its network; name it with --model");
  }
}
