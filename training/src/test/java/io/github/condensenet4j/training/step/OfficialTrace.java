package io.github.condensenet4j.training.step;

import io.github.condensenet4j.core.architecture.Architecture;
import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.core.architecture.Knob;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.architecture.OfficialStateDict;
import io.github.condensenet4j.core.condensation.StageRule;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.model.WeightsKind;
import io.github.condensenet4j.core.numpy.NpzFile;
import io.github.condensenet4j.core.schedule.LearningRateSchedule;
import io.github.condensenet4j.core.schedule.LearningRateSchedule.WarmUp;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.core.tensor.Tensor;
import io.github.condensenet4j.fixtures.Reference;
import io.github.condensenet4j.interchange.pytorch.PyTorchCheckpoint;
import io.github.condensenet4j.training.optimizer.Optimizer;
import io.github.condensenet4j.zoo.GraphOptions;
import io.github.condensenet4j.zoo.ModelGraphs;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** A run of the official code, step by step: {@code reference/training} or {@code training_v1}. */
final class OfficialTrace {

  private final Path folder;
  private final JsonValue manifest;
  private final DataType type;
  private final boolean isV2;
  private final ModelDescription model;
  private final INDArray images;
  private final int[] labels;

  /**
   * Opens a trace.
   *
   * @param type what our side computes in
   */
  OfficialTrace(String name, DataType type) {
    this.type = type;
    folder = Reference.of(name + "/initial.pth.tar").getParent();
    manifest = JsonValue.read(folder.resolve("manifest.json"));
    isV2 = manifest.find("recipe").isPresent();
    model = model(manifest.get(isV2 ? "model_config" : "config"));
    Map<String, Tensor> batches = NpzFile.read(folder.resolve("batches.npz"));
    Tensor x = batches.get("x");
    int[] shape = x.shape();
    images =
        Nd4j.createFromArray(x.toFloats())
            .reshape(shape[0], shape[1], shape[2], shape[3], shape[4]);
    labels = Nd4j.createFromArray(batches.get("y").toLongs()).toIntVector();
  }

  private ModelDescription model(JsonValue config) {
    Map<Knob, String> knobs = new EnumMap<>(Knob.class);
    for (String key : config.keys()) {
      String spelling = key.toLowerCase(Locale.ROOT).replace('_', '-');
      for (Knob knob : Knob.values()) {
        if (knob.spelling().equals(spelling)) {
          knobs.put(knob, text(config.get(key)));
        }
      }
    }
    String family = isV2 ? "cdnv2" : "condensenet";
    Architecture architecture = ArchitectureRegistry.get(family).with(knobs);
    return new ModelDescription(family, architecture, Form.TRAINABLE);
  }

  private static String text(JsonValue value) {
    return value.isList()
        ? value.list().stream().map(JsonValue::toString).collect(Collectors.joining("-"))
        : value.toString();
  }

  boolean isV2() {
    return isV2;
  }

  ModelDescription model() {
    return model;
  }

  JsonValue manifest() {
    return manifest;
  }

  List<JsonValue> steps() {
    return manifest.get("steps").list();
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  /** Returns the network before the first step. */
  ComputationGraph network() {
    GraphOptions options = new GraphOptions(0, type, Optimizer.SGD.updater(0, 0.9, 0));
    return ModelGraphs.build(model, options, checkpoint("initial.pth.tar", WeightsKind.RAW));
  }

  /** Returns the tensors of a checkpoint. */
  StateDict checkpoint(String name, WeightsKind kind) {
    return OfficialStateDict.adopt(
        model, PyTorchCheckpoint.read(folder.resolve(name)).stateDict(kind));
  }

  /** Returns what the official run trained on at {@code step}. */
  DataSet batch(int step) {
    INDArray features =
        images.get(
            NDArrayIndex.point(step),
            NDArrayIndex.all(),
            NDArrayIndex.all(),
            NDArrayIndex.all(),
            NDArrayIndex.all());
    int size = (int) images.size(1);
    INDArray oneHot = Nd4j.zeros(size, model.architecture().numClasses());
    for (int image = 0; image < size; image++) {
      oneHot.putScalar(image, labels[step * size + image], 1);
    }
    return new DataSet(features.dup('c').castTo(type), oneHot.castTo(type));
  }

  StepRecipe recipe() {
    return new StepRecipe(
        Optimizer.SGD,
        rates().rateAt(0, 0, 1),
        isV2 ? manifest.get("recipe").get("weight_decay").number() : 1e-4,
        isV2 ? DecayRule.V2 : DecayRule.V1,
        isV2 ? manifest.get("recipe").get("smoothing").number() : 0,
        isV2 ? 0 : manifest.get("group_lasso_lambda").number(),
        0,
        1,
        isV2 ? StageRule.OFFICIAL_V2 : StageRule.OFFICIAL_V1,
        ModelGraphs.LOGITS,
        1,
        false);
  }

  LearningRateSchedule rates() {
    int epochs = manifest.get("epochs").integer();
    if (!isV2) {
      return new LearningRateSchedule.Cosine(
          steps().get(0).get("lr").number(), WarmUp.NONE, epochs);
    }
    JsonValue recipe = manifest.get("recipe");
    return new LearningRateSchedule.Cosine(
        recipe.get("lr").number(),
        new WarmUp(recipe.get("warmup_lr").number(), recipe.get("warmup_epochs").integer()),
        epochs);
  }
}
