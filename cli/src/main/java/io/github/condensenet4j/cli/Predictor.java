package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.architecture.Architecture;
import io.github.condensenet4j.core.architecture.Knob;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.tensor.Tensor;
import io.github.condensenet4j.zoo.GraphOptions;
import io.github.condensenet4j.zoo.ModelGraphs;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Computes scores before softmax, batch by batch. */
final class Predictor {

  private final ComputationGraph graph;
  private final int imageSize;
  private final int batchSize;

  /**
   * Builds the network.
   *
   * @param imageSize height and width of the inputs; another than the network was trained for is
   *     fine where its pooling allows
   * @param batchSize images that go through it at a time
   */
  Predictor(ModelInput model, int imageSize, int batchSize) {
    this.imageSize = imageSize;
    this.batchSize = batchSize;
    this.graph =
        ModelGraphs.build(
            resized(model.model(), imageSize), GraphOptions.inference(), model.weights());
  }

  /** The stride stays: it is part of what was trained. */
  private static ModelDescription resized(ModelDescription model, int imageSize) {
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

  /**
   * Returns scores {@code [N][classes]}.
   *
   * @param images {@code [N, 3, size, size]}
   */
  float[][] logits(Tensor images) {
    int values = 3 * imageSize * imageSize;
    float[] all = images.toFloats();
    float[][] logits = new float[images.size(0)][];
    for (int from = 0; from < logits.length; from += batchSize) {
      int to = Math.min(logits.length, from + batchSize);
      float[] some = Arrays.copyOfRange(all, from * values, to * values);
      System.arraycopy(scores(some, to - from), 0, logits, from, to - from);
    }
    return logits;
  }

  /**
   * Returns scores {@code [N][classes]}.
   *
   * @param images N images of {@code [3, size, size]} in C order, a batch at most
   */
  float[][] logits(List<float[]> images) {
    if (images.isEmpty()) {
      return new float[0][];
    }
    int values = 3 * imageSize * imageSize;
    float[] all = new float[images.size() * values];
    for (int image = 0; image < images.size(); image++) {
      System.arraycopy(images.get(image), 0, all, image * values, values);
    }
    return scores(all, images.size());
  }

  private float[][] scores(float[] values, int images) {
    INDArray batch = Nd4j.createFromArray(values).reshape(images, 3, imageSize, imageSize);
    return ModelGraphs.logits(graph, batch).toFloatMatrix();
  }
}
