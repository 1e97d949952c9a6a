package io.github.condensenet4j.zoo;

import io.github.condensenet4j.core.architecture.Architecture;
import io.github.condensenet4j.core.architecture.CondenseNetArchitecture;
import io.github.condensenet4j.core.architecture.CondenseNetV2Architecture;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.tensor.StateDict;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Graphs of described networks.
 *
 * <p>Every graph takes images {@code [N, 3, H, W]} and answers with probabilities {@code [N,
 * classes]}.
 */
public final class ModelGraphs {

  /** Name of the input. */
  public static final String INPUT = "input";

  /** Name of the layer whose activations are the logits. */
  public static final String LOGITS = "classifier";

  /** Name of the output. */
  public static final String OUTPUT = "softmax";

  /** What is trained where features are frozen. */
  private static final Set<String> TRAINED = Set.of(LOGITS, OUTPUT);

  private ModelGraphs() {}

  /** Returns the configuration of {@code model}'s graph. */
  public static ComputationGraphConfiguration configure(
      ModelDescription model, GraphOptions options) {
    Architecture network = model.architecture();
    if (network instanceof CondenseNetV2Architecture v2) {
      return CondenseNetV2.configure(model, v2, options);
    }
    return CondenseNet.configure(model, (CondenseNetArchitecture) network, options);
  }

  /** Returns a graph of {@code model} with the official initial weights. */
  public static ComputationGraph build(ModelDescription model, GraphOptions options) {
    return build(model, options, InitialWeights.of(model, options.seed()));
  }

  /**
   * Returns a graph of {@code model} with given weights.
   *
   * @param weights the tensors that {@link
   *     io.github.condensenet4j.core.architecture.StateDictLayout} lists
   */
  public static ComputationGraph build(
      ModelDescription model, GraphOptions options, StateDict weights) {
    ComputationGraph graph = new ComputationGraph(configure(model, options));
    graph.init();
    GraphWeights.load(graph, model, weights);
    return graph;
  }

  /**
   * Returns a graph of {@code model} with given weights in which the classifier alone is trained.
   *
   * <p>Everything below it is in Deeplearning4j's {@code FrozenLayer}: it computes as in
   * evaluation, whatever the graph does, and neither weights nor statistics ever change.
   *
   * @param weights the tensors that {@link
   *     io.github.condensenet4j.core.architecture.StateDictLayout} lists
   */
  public static ComputationGraph buildFrozen(
      ModelDescription model, GraphOptions options, StateDict weights) {
    ComputationGraphConfiguration configuration = configure(model, options);
    configuration
        .getVertices()
        .forEach(
            (name, vertex) -> {
              if (vertex instanceof LayerVertex layer && !TRAINED.contains(name)) {
                freeze(layer.getLayerConf());
              }
            });
    ComputationGraph graph = new ComputationGraph(configuration);
    graph.init();
    GraphWeights.load(graph, model, weights);
    return graph;
  }

  private static void freeze(NeuralNetConfiguration layer) {
    FrozenLayer frozen = new FrozenLayer(layer.getLayer());
    frozen.setLayerName(layer.getLayer().getLayerName());
    layer.setLayer(frozen);
  }

  /**
   * Returns scores before softmax, {@code [N, classes]}.
   *
   * @param images {@code [N, 3, H, W]}
   */
  public static INDArray logits(ComputationGraph graph, INDArray images) {
    return graph.output(List.of(LOGITS), false, new INDArray[] {images}, null)[0];
  }
}
