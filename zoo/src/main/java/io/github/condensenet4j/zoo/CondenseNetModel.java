package io.github.condensenet4j.zoo;

import io.github.condensenet4j.core.ArchitectureException;
import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.architecture.Architecture;
import io.github.condensenet4j.core.architecture.Knob;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.model.ModelFile;
import io.github.condensenet4j.core.pretrained.PretrainedModel;
import io.github.condensenet4j.core.pretrained.PretrainedModels;
import java.util.Arrays;
import java.util.Locale;
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

  /** Returns nothing: trained weights come off the class path, and none are fetched. */
  @Override
  public String pretrainedUrl(PretrainedType type) {
    return null;
  }

  /** Returns 0: an artifact's own card says the SHA-256 of its files, which is checked. */
  @Override
  public long pretrainedChecksum(PretrainedType type) {
    return 0;
  }

  /** Tells whether the class path has weights of this network for a data set. */
  @Override
  public boolean pretrainedAvailable(PretrainedType type) {
    return PretrainedModels.all().stream()
        .map(PretrainedModel::card)
        .anyMatch(
            card -> card.model().name().equals(model.name()) && card.dataset().equals(name(type)));
  }

  /**
   * Returns a graph of this network with the weights for CIFAR-10.
   *
   * @throws CondenseNetException if the class path has none, naming the artifact to add
   */
  @Override
  public Model initPretrained() {
    return initPretrained(PretrainedType.CIFAR10);
  }

  /**
   * Returns a graph of this network with the weights for a data set, off the class path.
   *
   * <p>As in Deeplearning4j's own models the weights decide the knobs, number of classes and image
   * size included, not what was said to this object. A condensed network gets condensed weights.
   *
   * @throws CondenseNetException if the class path has none, naming the artifact to add, or its
   *     SHA-256 is not the one of its card
   */
  @Override
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // as in the interface
  public <M extends Model> M initPretrained(PretrainedType type) {
    return (M) load(PretrainedModels.of(model.name(), name(type)));
  }

  /**
   * Returns a graph of this network with the weights of an artifact.
   *
   * @param name name of a trained model, such as {@code cdnv2-cifar10}, or of a data set
   * @throws CondenseNetException if the class path has none, it is of another network, or its
   *     SHA-256 is not the one of its card
   */
  public ComputationGraph initPretrained(String name) {
    PretrainedModel found =
        PretrainedModels.all().stream()
            .filter(known -> known.card().name().equals(name))
            .findFirst()
            .orElseGet(() -> PretrainedModels.of(model.name(), name.toLowerCase(Locale.ROOT)));
    return load(found);
  }

  private ComputationGraph load(PretrainedModel pretrained) {
    String network = pretrained.card().model().name();
    if (!network.equals(model.name())) {
      throw new ArchitectureException(
          "network of the weights " + pretrained.card().name(), model.name(), network);
    }
    try (ModelFile file = pretrained.open(model.form())) {
      return ModelStore.load(file, file.defaultWeights(), options);
    }
  }

  private static String name(PretrainedType type) {
    return type.name().toLowerCase(Locale.ROOT);
  }
}
