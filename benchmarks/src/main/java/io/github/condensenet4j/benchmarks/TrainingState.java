package io.github.condensenet4j.benchmarks;

import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.condensation.Condenser;
import io.github.condensenet4j.core.model.RandomModel;
import io.github.condensenet4j.core.tensor.StateDict;
import java.util.Locale;

/** How far a network in training is condensed. */
enum TrainingState {
  /** All connections are there, as at the beginning. */
  UNPRUNED,
  /** All that training drops is dropped, as in its second half. */
  CONDENSED;

  /** Returns random weights of {@code model} in this state. */
  StateDict weights(ModelDescription model) {
    StateDict whole = RandomModel.trainable(model);
    return this == UNPRUNED ? whole : Condenser.complete(model, whole);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
