package io.github.condensenet4j.core.model;

import io.github.condensenet4j.core.ArchitectureException;
import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.architecture.StateDictLayout;
import io.github.condensenet4j.core.tensor.StateDict;
import java.util.Objects;

/**
 * A condensed network with its weights: what predictions, engines and other formats are made from.
 *
 * @param description the network
 * @param weights its tensors, complete
 * @param metadata what is known about them
 */
public record CondensedModel(
    ModelDescription description, StateDict weights, ModelMetadata metadata) {

  /**
   * Checks that the parts belong together.
   *
   * @throws ArchitectureException if the network is not condensed, or the metadata is another's
   * @throws CondenseNetException if the weights are not exactly those of the network
   */
  public CondensedModel {
    if (!description.form().isCondensed()) {
      throw new ArchitectureException(
          "form of " + description.name(),
          "a condensed form; convert it first",
          description.form());
    }
    // Mostly they are one object; comparing field by field takes a while the first time.
    if (!Objects.equals(metadata.model(), description)) {
      throw new ArchitectureException(
          "network of the metadata", description.qualifiedName(), metadata.model().qualifiedName());
    }
    StateDictLayout.check(description, weights);
  }

  /**
   * Returns the model in {@code file}.
   *
   * @throws ArchitectureException if it is not condensed
   * @throws InvalidFileException if the file's tensors are not the network's
   */
  public static CondensedModel of(ModelFile file, WeightsKind kind) {
    // Checked once: a service waits for this before its first answer.
    StateDict stored = file.storedTensors(kind);
    try {
      return new CondensedModel(file.metadata().model(), stored, file.metadata());
    } catch (ArchitectureException e) {
      throw e;
    } catch (CondenseNetException e) {
      throw file.refusal(e);
    }
  }
}
