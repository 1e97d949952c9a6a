package io.github.condensenet4j.training.step;

import io.github.condensenet4j.layers.CondensingLayer;
import io.github.condensenet4j.layers.LearnedConnections;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The group lasso of all learned connections of a network, as a part of the loss. */
final class GroupLassoPenalty {

  /**
   * One weight.
   *
   * @param connections its connections
   * @param gradient where its gradient is, a view
   */
  private record Term(LearnedConnections connections, INDArray gradient) {}

  private final double lambda;
  private final List<Term> terms = new ArrayList<>();

  GroupLassoPenalty(ComputationGraph graph, double lambda) {
    this.lambda = lambda;
    if (lambda == 0) {
      return;
    }
    ParameterRanges ranges = ParameterRanges.of(graph);
    INDArray gradients = graph.getFlattenedGradients();
    for (Layer layer : graph.getLayers()) {
      if (layer instanceof CondensingLayer condensing) {
        String layerName = layer.conf().getLayer().getLayerName();
        for (LearnedConnections learned : condensing.learnedConnections()) {
          INDArray gradient =
              ranges
                  .views(
                      gradients,
                      range ->
                          range.layer().equals(layerName)
                              && range.name().equals(learned.weightName()))
                  .get(0);
          terms.add(new Term(learned, gradient));
        }
      }
    }
  }

  /** Adds the gradient of the penalty to the graph's and returns the penalty. */
  double addGradient() {
    double lasso = 0;
    for (Term term : terms) {
      lasso += term.connections().lasso();
      term.connections().addLassoGradient(lambda, term.gradient());
    }
    return lambda * lasso;
  }
}
