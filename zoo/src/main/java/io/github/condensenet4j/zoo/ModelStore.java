package io.github.condensenet4j.zoo;

import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.architecture.StateDictLayout;
import io.github.condensenet4j.core.architecture.TensorDescription;
import io.github.condensenet4j.core.model.ModelFile;
import io.github.condensenet4j.core.model.ModelFileWriter;
import io.github.condensenet4j.core.model.ModelMetadata;
import io.github.condensenet4j.core.model.TensorPlace;
import io.github.condensenet4j.core.model.WeightsKind;
import io.github.condensenet4j.core.tensor.StateDict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The way of graphs into model files and back.
 *
 * <p>The files are also Deeplearning4j's own: its {@code ModelSerializer} reads them where this
 * library is on the class path.
 */
public final class ModelStore {

  private ModelStore() {}

  /**
   * Writes {@code graph} to {@code file}, atomically.
   *
   * @param metadata what is known about it; names the network that it was built from
   */
  public static void save(Path file, ComputationGraph graph, ModelMetadata metadata) {
    writer(graph, Optional.empty(), metadata).write(file);
  }

  /**
   * Writes named tensors to {@code file}, atomically.
   *
   * @param raw tensors of the network that {@code metadata} names
   * @param ema their moving average, where there is one
   */
  public static void save(
      Path file, ModelMetadata metadata, StateDict raw, Optional<StateDict> ema) {
    ModelDescription model = metadata.model();
    ComputationGraph graph = ModelGraphs.build(model, GraphOptions.inference(), raw);
    Optional<INDArray> average =
        ema.map(weights -> ModelGraphs.build(model, GraphOptions.inference(), weights).params());
    writer(graph, average, metadata).write(file);
  }

  /**
   * Returns a writer that holds {@code graph}; a training run adds what it continues from.
   *
   * @param ema the moving average of {@code graph.params()}, in their order, where there is one
   * @param metadata what is known about the graph; names the network that it was built from
   */
  public static ModelFileWriter writer(
      ComputationGraph graph, Optional<INDArray> ema, ModelMetadata metadata) {
    ModelFileWriter writer =
        new ModelFileWriter(metadata)
            .configuration(graph.getConfiguration().toJson())
            .tensors(places(graph, metadata.model()))
            .coefficients(WeightsKind.RAW, flat(graph.params()));
    ema.ifPresent(average -> writer.coefficients(WeightsKind.EMA, flat(average)));
    return writer;
  }

  /** Returns a graph of the network in {@code file}, with its raw or averaged weights. */
  public static ComputationGraph load(ModelFile file, WeightsKind kind, GraphOptions options) {
    return ModelGraphs.build(file.metadata().model(), options, file.weights(kind));
  }

  /** Returns where each tensor lies among {@code graph.params()}. */
  static List<TensorPlace> places(ComputationGraph graph, ModelDescription model) {
    long start = graph.params().offset();
    List<TensorPlace> places = new ArrayList<>();
    for (TensorDescription tensor : StateDictLayout.of(model)) {
      INDArray ordered = GraphWeights.parameter(graph, tensor.name());
      boolean isFortran = tensor.shape().size() > 1 && ordered.ordering() == 'f';
      places.add(
          new TensorPlace(
              tensor.name(), tensor.shape(), tensor.type(), isFortran, ordered.offset() - start));
    }
    return places;
  }

  private static float[] flat(INDArray params) {
    return params.castTo(DataType.FLOAT).ravel().toFloatVector();
  }
}
