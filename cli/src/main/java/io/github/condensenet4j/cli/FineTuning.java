package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.architecture.Architecture;
import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.core.architecture.Knob;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.model.WeightsKind;
import io.github.condensenet4j.core.preprocessing.Preprocessing;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.zoo.InitialWeights;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Training that goes on from a trained model, on other images.
 *
 * <p>Its classifier stays if the classes are the same, by name where both are known; else a new one
 * takes its place.
 *
 * @param name what the trained model is called
 * @param pretrained the trained model
 */
record FineTuning(Path name, ModelInput pretrained) {

  /** What may differ: no feature depends on it. */
  private static final Set<Knob> FREE =
      Set.of(Knob.NUM_CLASSES, Knob.IMAGE_SIZE, Knob.DROP_RATE, Knob.INIT_STRIDE);

  /**
   * Reads the trained model.
   *
   * @param network name of the network that the command line says, or null
   * @param knobs what the command line says about the network
   * @throws InvalidOptionException if it is converted, or another network than the command line
   *     says
   */
  static FineTuning of(
      PretrainedOption option,
      Optional<WeightsKind> weights,
      String network,
      Map<Knob, String> knobs) {
    Map<Knob, String> trainedWith = new EnumMap<>(Knob.class);
    trainedWith.putAll(knobs);
    // That of the images to come; a checkpoint has the network's own.
    trainedWith.remove(Knob.NUM_CLASSES);
    Optional<ModelDescription> named =
        Optional.ofNullable(network)
            .map(word -> ArchitectureRegistry.describe(ModelName.unofficial(word), trainedWith));
    ModelInput input = option.read(Form.TRAINABLE, weights, named);
    if (input.model().form().isCondensed()) {
      throw new InvalidOptionException(
          option.name()
              + " holds "
              + input.model().qualifiedName()
              + ", a converted network; training goes on from the one before its conversion");
    }
    Architecture found = input.model().architecture();
    for (Map.Entry<Knob, String> knob : knobs.entrySet()) {
      String has = found.knobs().get(knob.getKey());
      if (!FREE.contains(knob.getKey()) && !knob.getValue().equals(has)) {
        throw new InvalidOptionException(
            "--%s is %s, the network in %s has %s"
                .formatted(knob.getKey().spelling(), knob.getValue(), option.name(), has));
      }
    }
    return new FineTuning(option.name(), input);
  }

  /** Returns the network with the knobs that are free as {@code knobs} has them. */
  ModelDescription model(Map<Knob, String> knobs) {
    Map<Knob, String> free = new EnumMap<>(Knob.class);
    free.putAll(knobs);
    free.keySet().retainAll(FREE);
    ModelDescription trained = pretrained.model();
    return new ModelDescription(trained.name(), trained.architecture().with(free), trained.form());
  }

  /** Returns how pictures come to the network, unless its file does not say. */
  Optional<Preprocessing> preprocessing(int imageSize) {
    Preprocessing own = pretrained.metadata().preprocessing();
    return pretrained.isImported()
        ? Optional.empty()
        : Optional.of(
            new Preprocessing(
                own.mean(), own.std(), imageSize, own.cropPct(), own.interpolation()));
  }

  /**
   * Returns what training starts from: the features, and the classifier or a new one.
   *
   * @param seed seed of a new classifier
   */
  StateDict start(ModelDescription model, List<String> classNames, long seed) {
    return keepsClassifier(model, classNames)
        ? pretrained.weights()
        : InitialWeights.withFeatures(model, pretrained.weights(), seed);
  }

  /** Returns one line that tells what is kept. */
  String line(ModelDescription model, List<String> classNames) {
    return "pretrained: "
        + name
        + ", "
        + model.name()
        + (keepsClassifier(model, classNames)
            ? ", with its classifier"
            : ", with a new classifier of " + model.architecture().numClasses() + " classes");
  }

  private boolean keepsClassifier(ModelDescription model, List<String> classNames) {
    List<String> before = pretrained.metadata().classNames();
    return model.architecture().numClasses() == pretrained.model().architecture().numClasses()
        && (before.isEmpty() || classNames.isEmpty() || before.equals(classNames));
  }
}
