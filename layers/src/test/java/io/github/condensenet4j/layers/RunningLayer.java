package io.github.condensenet4j.layers;

import io.github.condensenet4j.core.tensor.Tensor;
import io.github.condensenet4j.layers.arithmetic.Arithmetic;
import io.github.condensenet4j.layers.unit.Parameter;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A runtime layer without a network around it. */
final class RunningLayer {

  private final CondenseNetLayer configuration;
  private final UnitLayer layer;
  private Gradient gradient;

  RunningLayer(CondenseNetLayer configuration, DataType type) {
    this(configuration, type, ArithmeticChoice.of(type));
  }

  RunningLayer(CondenseNetLayer configuration, DataType type, Arithmetic arithmetic) {
    this.configuration = configuration;
    NeuralNetConfiguration conf =
        new NeuralNetConfiguration.Builder().seed(7).dataType(type).layer(configuration).build();
    long length = configuration.initializer().numParams(conf);
    INDArray parameters = length == 0 ? null : Nd4j.zeros(type, 1, length);
    layer = (UnitLayer) configuration.instantiate(conf, List.of(), 0, parameters, length > 0, type);
    layer.use(arithmetic);
    layer.setBackpropGradientsViewArray(length == 0 ? null : Nd4j.zeros(type, 1, length));
  }

  UnitLayer layer() {
    return layer;
  }

  /** Sets every parameter whose official name is in {@code tensors}. */
  void set(Map<String, Tensor> tensors) {
    for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
      String name = tensor.getKey().replace("_", "");
      if (layer.paramTable().containsKey(name)) {
        layer.setParam(name, array(tensor.getValue()));
      }
    }
  }

  INDArray parameter(String official) {
    return layer.getParam(official.replace("_", ""));
  }

  INDArray forward(INDArray x, boolean training) {
    layer.setInput(x.castTo(type()), LayerWorkspaceMgr.noWorkspaces());
    return layer.activate(training, LayerWorkspaceMgr.noWorkspaces());
  }

  /** Returns the gradient for the input; those of parameters follow from {@link #gradient}. */
  INDArray backward(INDArray gradOut) {
    Pair<Gradient, INDArray> gradients =
        layer.backpropGradient(gradOut.castTo(type()), LayerWorkspaceMgr.noWorkspaces());
    gradient = gradients.getFirst();
    return gradients.getSecond();
  }

  INDArray gradient(String official) {
    return gradient.getGradientFor(official.replace("_", ""));
  }

  List<String> trained() {
    return configuration.parameters().stream()
        .filter(parameter -> parameter.role() != Parameter.Role.STATE)
        .map(Parameter::name)
        .toList();
  }

  private DataType type() {
    return layer.getDataType();
  }

  static INDArray array(Tensor tensor) {
    int[] shape = tensor.shape();
    long[] sizes = new long[Math.max(1, shape.length)];
    sizes[0] = 1;
    for (int i = 0; i < shape.length; i++) {
      sizes[i] = shape[i];
    }
    return Nd4j.createFromArray(tensor.toDoubles()).reshape('c', sizes);
  }
}
