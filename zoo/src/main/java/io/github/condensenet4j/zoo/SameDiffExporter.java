package io.github.condensenet4j.zoo;

import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.io.AtomicFile;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.layers.CondenseNetLayer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Writes networks as SameDiff models, in ND4J's FlatBuffers format: the inference function, made of
 * what each layer's {@code defineLayer} says.
 *
 * <p>The placeholder {@code input} is {@code [N, 3, H, W]}, all of N, H and W free; outputs are
 * {@code classifier}, the logits {@code [N, classes]}, and {@code softmax}, the probabilities.
 * Weights are constants called {@code layer.parameter}.
 */
public final class SameDiffExporter {

  private final SameDiff sameDiff = SameDiff.create();
  private final ComputationGraph graph;
  private boolean isFlat;

  private SameDiffExporter(ComputationGraph graph) {
    this.graph = graph;
  }

  /** Returns the inference function of {@code model} with {@code weights}. */
  public static SameDiff define(ModelDescription model, StateDict weights) {
    return new SameDiffExporter(ModelGraphs.build(model, GraphOptions.inference(), weights))
        .define();
  }

  /**
   * Writes {@code model} to {@code file}, which is replaced if there is one.
   *
   * @throws CondenseNetException if the weights are not those of the model or the file cannot be
   *     written
   */
  public static void write(ModelDescription model, StateDict weights, Path file) {
    SameDiff defined = define(model, weights);
    AtomicFile.write(file, target -> target.write(bytes(defined)));
  }

  private static byte[] bytes(SameDiff defined) throws IOException {
    ByteBuffer buffer = defined.asFlatBuffers(false);
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  private SameDiff define() {
    SDVariable x = sameDiff.placeHolder(ModelGraphs.INPUT, DataType.FLOAT, -1, 3, -1, -1);
    for (Layer layer : graph.getLayers()) {
      String name = layer.conf().getLayer().getLayerName();
      SDVariable y = apply(layer, name, x);
      if (!y.name().equals(name)) {
        y.rename(name);
      }
      x = y;
    }
    sameDiff.setOutputs(List.of(ModelGraphs.LOGITS, ModelGraphs.OUTPUT));
    return sameDiff;
  }

  private SDVariable apply(Layer layer, String name, SDVariable x) {
    org.deeplearning4j.nn.conf.layers.Layer configuration = layer.conf().getLayer();
    if (configuration instanceof CondenseNetLayer own) {
      Map<String, SDVariable> parameters = new LinkedHashMap<>();
      layer
          .paramTable()
          .forEach(
              (key, array) ->
                  parameters.put(key, sameDiff.constant(name + "." + key, array.dup('c'))));
      return own.defineLayer(sameDiff, x, parameters, null);
    }
    if (configuration instanceof DenseLayer) {
      SDVariable weight = parameter(layer, name, DefaultParamInitializer.WEIGHT_KEY);
      SDVariable bias = parameter(layer, name, DefaultParamInitializer.BIAS_KEY);
      SDVariable flat = isFlat ? x : sameDiff.squeeze(sameDiff.squeeze(x, 3), 2);
      isFlat = true;
      return flat.mmul(weight).add(bias);
    }
    if (configuration instanceof LossLayer) {
      return sameDiff.nn.softmax(x, 1);
    }
    throw new CondenseNetException(
        "layer " + name + " is a " + configuration.getClass().getName() + ", unknown to SameDiff");
  }

  private SDVariable parameter(Layer layer, String name, String key) {
    return sameDiff.constant(name + "." + key, layer.getParam(key).dup('c'));
  }
}
