package io.github.condensenet4j.zoo;

import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.architecture.StateDictLayout;
import io.github.condensenet4j.core.architecture.TensorDescription;
import io.github.condensenet4j.core.tensor.ElementType;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.core.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The way of named tensors into graphs and back; nothing is lost on it in single precision. */
public final class GraphWeights {

  private GraphWeights() {}

  /**
   * Puts {@code weights} into {@code graph}.
   *
   * @param model what the graph was built from
   * @throws io.github.condensenet4j.core.CondenseNetException if the tensors are not exactly those
   *     of the model; the graph is unchanged then
   */
  public static void load(ComputationGraph graph, ModelDescription model, StateDict weights) {
    StateDictLayout.check(model, weights);
    for (String name : weights.names()) {
      Tensor tensor = weights.get(name);
      INDArray parameter = parameter(graph, name);
      INDArray values = Nd4j.createFromArray(tensor.toFloats());
      parameter.assign(values.reshape(parameter.shape()).castTo(parameter.dataType()));
    }
  }

  /** Returns the tensors of {@code graph}, which was built from {@code model}. */
  public static StateDict read(ComputationGraph graph, ModelDescription model) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (TensorDescription description : StateDictLayout.of(model)) {
      INDArray parameter = parameter(graph, description.name());
      tensors.put(description.name(), tensor(description, parameter));
    }
    return StateDict.of(tensors);
  }

  /** Returns the view of the graph's parameters that holds a tensor, in its official shape. */
  static INDArray parameter(ComputationGraph graph, String official) {
    ParameterName name = ParameterName.of(official);
    INDArray parameter = graph.getLayer(name.vertex()).getParam(name.parameter());
    return name.transposed() ? parameter.transpose() : parameter;
  }

  private static Tensor tensor(TensorDescription description, INDArray array) {
    float[] values = array.dup('c').castTo(DataType.FLOAT).data().asFloat();
    if (description.type() == ElementType.INT64) {
      long[] whole = new long[values.length];
      for (int i = 0; i < whole.length; i++) {
        whole[i] = (long) values[i];
      }
      return Tensor.ofLongs(whole, description.shapeArray());
    }
    return Tensor.ofFloats(values, description.shapeArray());
  }
}
