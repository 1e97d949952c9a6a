package io.github.condensenet4j.layers;

import io.github.condensenet4j.core.ArchitectureException;
import io.github.condensenet4j.layers.unit.Definition;
import io.github.condensenet4j.layers.unit.Parameter;
import io.github.condensenet4j.layers.unit.Unit;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect;
import org.nd4j.shade.jackson.annotation.JsonIgnoreProperties;

/**
 * What the configurations of this package share: a {@link Unit} says which parameters there are and
 * how they are computed with, this class tells Deeplearning4j.
 *
 * <p>Trained weights take the layer's {@code regularization}, trained vectors (normalisation's
 * weight and bias) its {@code regularizationBias}. State (running statistics, masks, counters,
 * indices) takes neither and has no updater; it lies among the parameters so that saving, cloning
 * and averaging include it.
 *
 * <p>{@link #defineLayer} gives the inference function as SameDiff operations, for export and for
 * reading; training and inference run on {@link UnitLayer}, because SameDiff's own execution can
 * neither tell training from inference nor differentiate batch normalisation.
 */
@JsonAutoDetect(
    fieldVisibility = JsonAutoDetect.Visibility.ANY,
    getterVisibility = JsonAutoDetect.Visibility.NONE,
    isGetterVisibility = JsonAutoDetect.Visibility.NONE,
    setterVisibility = JsonAutoDetect.Visibility.NONE)
@JsonIgnoreProperties({"layerParams"})
public abstract class CondenseNetLayer extends SameDiffLayer {

  private int nIn;

  /** For reading JSON. */
  protected CondenseNetLayer() {}

  /** Takes over the settings that every layer has. */
  protected CondenseNetLayer(LayerBuilder<?> builder) {
    super(builder);
    nIn = builder.nIn;
  }

  /** Returns a new unit with this configuration's sizes, for one runtime layer. */
  protected abstract Unit unit();

  /**
   * Returns a new map of the values that tell this configuration from others of its class, by name;
   * subclasses add theirs.
   */
  protected Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("nIn", nIn);
    return settings;
  }

  /** Returns what a profile calls the work of this layer: the name of the class, in words. */
  String kind() {
    return getClass()
        .getSimpleName()
        .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
        .toLowerCase(Locale.ROOT);
  }

  /** Returns the channels of the input, at most 0 while they are unknown. */
  public final int inChannels() {
    return nIn;
  }

  /** Takes the channels of the input over from the layer before. */
  final void inChannels(int channels) {
    nIn = channels;
  }

  /** Returns what leaves the layer when {@code input} enters it: the same, unless overridden. */
  protected InputType outputOf(InputType input) {
    return input;
  }

  /** Returns the parameters with their shapes and roles, in the order of the official code. */
  public List<Parameter> parameters() {
    return unit().parameters();
  }

  @Override
  public void setNIn(InputType inputType, boolean override) {
    if (inChannels() <= 0 || override) {
      inChannels(channelsOf(inputType));
    }
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    int channels = channelsOf(inputType);
    if (inChannels() > 0 && channels != inChannels()) {
      throw new ArchitectureException(
          "layer " + layerName + ": channels of the input", String.valueOf(inChannels()), channels);
    }
    return outputOf(inputType);
  }

  /** Returns the channels of an image, or the features of a flat input. */
  private int channelsOf(InputType inputType) {
    if (inputType instanceof InputType.InputTypeConvolutional image) {
      return Math.toIntExact(image.getChannels());
    }
    if (inputType instanceof InputType.InputTypeFeedForward flat) {
      return Math.toIntExact(flat.getSize());
    }
    throw new ArchitectureException(
        "layer " + layerName + ": the input", "an image or a vector", inputType);
  }

  @Override
  public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
    return null;
  }

  @Override
  public void defineParameters(SDLayerParams declared) {
    for (Parameter parameter : parameters()) {
      if (parameter.shape().length == 1) {
        declared.addBiasParam(parameter.name(), parameter.shape());
      } else {
        declared.addWeightParam(parameter.name(), parameter.shape());
      }
    }
  }

  @Override
  public void initializeParameters(Map<String, INDArray> arrays) {
    unit().initialize(arrays, paramWeightInit == null ? Map.of() : paramWeightInit);
  }

  @Override
  public SDVariable defineLayer(
      SameDiff sameDiff, SDVariable input, Map<String, SDVariable> parameters, SDVariable mask) {
    return unit().define(new Definition(sameDiff, parameters), input);
  }

  @Override
  public List<Regularization> getRegularizationByParam(String name) {
    return switch (roleOf(name)) {
      case WEIGHT -> regularization;
      case VECTOR -> regularizationBias;
      case STATE -> null;
    };
  }

  @Override
  public IUpdater getUpdaterByParam(String name) {
    return switch (roleOf(name)) {
      case WEIGHT -> updater;
      case VECTOR -> biasUpdater != null ? biasUpdater : updater;
      case STATE -> new NoOp();
    };
  }

  private transient Map<String, Parameter.Role> roles;

  /**
   * Returns how training treats the parameter {@code name}.
   *
   * @throws ArchitectureException if the layer has no such parameter
   */
  Parameter.Role roleOf(String name) {
    if (roles == null) {
      Map<String, Parameter.Role> found = new LinkedHashMap<>();
      parameters().forEach(parameter -> found.put(parameter.name(), parameter.role()));
      roles = found;
    }
    Parameter.Role role = roles.get(name);
    if (role == null) {
      throw new ArchitectureException("layer " + layerName + " has no parameter " + name);
    }
    return role;
  }

  @Override
  public org.deeplearning4j.nn.api.Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parametersView,
      boolean initialize,
      DataType dataType) {
    UnitLayer layer = new UnitLayer(conf, dataType, unit());
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parametersView);
    layer.setParamTable(initializer().init(conf, parametersView, initialize));
    layer.setConf(conf);
    return layer;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CondenseNetLayer that
        && super.equals(other)
        && settings().equals(that.settings());
  }

  @Override
  protected boolean canEqual(Object other) {
    return getClass() == other.getClass();
  }

  @Override
  public int hashCode() {
    return settings().hashCode();
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + settings();
  }

  /**
   * Collects the settings that every layer has.
   *
   * @param <B> the builder itself
   */
  public abstract static class LayerBuilder<B extends LayerBuilder<B>>
      extends SameDiffLayer.Builder<B> {

    private int nIn;

    /** Sets the channels of the input; taken over from the layer before if not given. */
    public B nIn(int nIn) {
      this.nIn = nIn;
      return self();
    }

    /** Returns this builder. */
    @SuppressWarnings("unchecked") // each builder names itself as B
    final B self() {
      return (B) this;
    }
  }
}
