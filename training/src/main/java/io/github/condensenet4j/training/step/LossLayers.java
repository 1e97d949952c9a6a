package io.github.condensenet4j.training.step;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * The layers of a graph in single precision that compute a plain cross entropy of softmax, with a
 * dozen operations of ND4J for some thousand numbers. While a step runs, another function takes the
 * place of theirs; what is saved or looked at is always their own.
 */
final class LossLayers {

  private final List<LossLayer> layers = new ArrayList<>();

  private LossLayers() {}

  static LossLayers of(ComputationGraph graph) {
    LossLayers found = new LossLayers();
    if (graph.params().dataType() == DataType.FLOAT) {
      for (Layer layer : graph.getLayers()) {
        if (layer.conf().getLayer() instanceof LossLayer loss && isPlain(loss)) {
          found.layers.add(loss);
        }
      }
    }
    return found;
  }

  private static boolean isPlain(LossLayer layer) {
    return layer.getActivationFn() instanceof ActivationSoftmax
        && layer.getLossFn() instanceof LossMCXENT loss
        && loss.getWeights() == null;
  }

  /** Runs a step in which {@code function} is the loss. */
  void run(ILossFunction function, Runnable step) {
    List<ILossFunction> own = layers.stream().map(LossLayer::getLossFn).toList();
    try {
      layers.forEach(layer -> layer.setLossFn(function));
      step.run();
    } finally {
      for (int i = 0; i < own.size(); i++) {
        layers.get(i).setLossFn(own.get(i));
      }
    }
  }
}
