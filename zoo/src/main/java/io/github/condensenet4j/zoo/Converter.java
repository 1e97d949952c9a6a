package io.github.condensenet4j.zoo;

import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.condensation.Condenser;
import io.github.condensenet4j.core.model.CondensedModel;
import io.github.condensenet4j.core.model.ModelMetadata;
import io.github.condensenet4j.core.tensor.StateDict;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Rewrites trained graphs into graphs of group convolutions on what training has left. */
public final class Converter {

  private Converter() {}

  /**
   * A condensed network in both of its shapes.
   *
   * @param model description and tensors
   * @param graph the same as a graph
   */
  public record Conversion(CondensedModel model, ComputationGraph graph) {}

  /**
   * Condenses {@code trained}, which stays as it is.
   *
   * @param metadata what is known about the graph; names the network that it was built from
   * @param form {@link Form#CONDENSED}, or {@link Form#CONDENSED_WHOLE_CLASSIFIER} to leave
   *     CondenseNet's classifier whole
   * @throws io.github.condensenet4j.core.IncompleteCondensationException if layers still have
   *     connections to drop
   */
  public static Conversion convert(ComputationGraph trained, ModelMetadata metadata, Form form) {
    ModelDescription before = metadata.model();
    ModelDescription after = before.as(form);
    StateDict weights = Condenser.condense(before, GraphWeights.read(trained, before), form);
    CondensedModel model = new CondensedModel(after, weights, metadata.withModel(after));
    return new Conversion(model, ModelGraphs.build(after, GraphOptions.inference(), weights));
  }
}
