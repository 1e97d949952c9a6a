package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.architecture.Architecture;
import io.github.condensenet4j.core.architecture.Knob;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.zoo.GraphOptions;
import io.github.condensenet4j.zoo.ModelGraphs;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.factory.Nd4j;

/** Any network as DL4J's graph. */
record GraphScorer(ComputationGraph graph) implements Scorer {

  /** Builds {@code model} for images of {@code imageSize}, which its pooling must allow. */
  static GraphScorer of(ModelInput model, int imageSize) {
    return new GraphScorer(
        ModelGraphs.build(
            resized(model.model(), imageSize), GraphOptions.inference(), model.weights()));
  }

  /**
   * Returns {@code model} for images of {@code imageSize}. The stride stays: it is part of what was
   * trained.
   */
  static ModelDescription resized(ModelDescription model, int imageSize) {
    Architecture network = model.architecture();
    if (network.imageSize() == imageSize) {
      return model;
    }
    Map<Knob, String> size =
        Map.of(
            Knob.IMAGE_SIZE, String.valueOf(imageSize),
            Knob.INIT_STRIDE, String.valueOf(network.initStride()));
    return new ModelDescription(model.name(), network.with(size), model.form());
  }

  @Override
  public float[][] logits(float[] images, int count, int size) {
    return ModelGraphs.logits(graph, Nd4j.createFromArray(images).reshape(count, 3, size, size))
        .toFloatMatrix();
  }

  @Override
  public void close() {
    graph.close();
  }
}
