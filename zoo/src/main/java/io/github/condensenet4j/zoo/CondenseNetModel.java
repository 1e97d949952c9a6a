package io.github.condensenet4j.zoo;

import io.github.condensenet4j.core.ArchitectureException;
import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.architecture.Architecture;
import io.github.condensenet4j.core.architecture.Knob;
import io.github.condensenet4j.core.architecture.ModelDescription;
import java.util.Arrays;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.zoo.ModelMetaData;
import org.deeplearning4j.zoo.PretrainedType;
import org.deeplearning4j.zoo.ZooModel;
import org.deeplearning4j.zoo.ZooType;

/** What the families have in common as models of Deeplearning4j's zoo. */
public abstract sealed class CondenseNetModel extends ZooModel<ComputationGraph>
    permits CondenseNet, CondenseNetV2 {

  private final GraphOptions options;
  private ModelDescription model;

  CondenseNetModel(
      ModelDescription model, Class<? extends Architecture> family, GraphOptions options) {
    if (!family.isInstance(model.architecture())) {
      throw new ArchitectureException(
          "architecture of " + model.name(),
          "a " + family.getSimpleName(),
          model.architecture().family());
    }
    this.model = model;
    this.options = options;
  }

  /** Returns the network. */
  public ModelDescription description() {
    return model;
  }

  /** Returns a graph with the official initial weights. */
  @Override
  @SuppressWarnings({
    "unchecked", // The interface lets the caller name the type of the model.
    "TypeParameterUnusedInFormals"
  })
  public <M extends Model> M init() {
    return (M) ModelGraphs.build(model, options);
  }

  /** Returns the network's name. */
  @Override
  public String modelName() {
    return model.qualifiedName();
  }

  /**
   * Sets the size of the images.
   *
   * @param inputShape one shape, {@code {{3, size, size}}}
   */
  @Override
  public void setInputShape(int[][] inputShape) {
    if (inputShape.length != 1
        || inputShape[0].length != 3
        || inputShape[0][0] != 3
        || inputShape[0][1] != inputShape[0][2]) {
      throw new ArchitectureException(
          "input shape", "{{3, size, size}}", Arrays.deepToString(inputShape));
    }
    Map<Knob, String> size = Map.of(Knob.IMAGE_SIZE, Integer.toString(inputShape[0][1]));
    model = new ModelDescription(model.name(), model.architecture().with(size), model.form());
  }

  @Override
  @Deprecated // as in the interface
  public ModelMetaData metaData() {
    int size = model.architecture().imageSize();
    return new ModelMetaData(new int[][] {{3, size, size}}, 1, ZooType.CNN);
  }

  @Override
  public Class<? extends Model> modelType() {
    return ComputationGraph.class;
  }

  /** Returns nothing: no weights of this network are published in Deeplearning4j's format. */
  @Override
  public String pretrainedUrl(PretrainedType type) {
    return null;
  }

  /** Returns 0: there is nothing to check. */
  @Override
  public long pretrainedChecksum(PretrainedType type) {
    return 0;
  }

  /**
   * Refuses: no weights of this network are published in Deeplearning4j's format.
   *
   * @throws CondenseNetException always, saying how to come by weights
   */
  @Override
  @SuppressWarnings("TypeParameterUnusedInFormals") // as in the interface
  public <M extends Model> M initPretrained(PretrainedType type) {
    throw new CondenseNetException(
        "no pretrained weights of "
            + model.qualifiedName()
            + " are published for Deeplearning4j; import an official PyTorch checkpoint (import),"
            + " or train the network (train)");
  }
}
