package io.github.condensenet4j.engine;

import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.core.architecture.Knob;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.architecture.OfficialStateDict;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.model.WeightsKind;
import io.github.condensenet4j.core.numpy.NpzFile;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.core.tensor.Tensor;
import io.github.condensenet4j.fixtures.Reference;
import io.github.condensenet4j.interchange.pytorch.PyTorchCheckpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An official converted model, and what it answered.
 *
 * @param model the network
 * @param weights its tensors
 * @param images {@code [count, 3, size, size]}
 * @param logits {@code [count, classes]}
 */
record ConvertedReference(ModelDescription model, StateDict weights, Tensor images, Tensor logits) {

  /** Returns the models of {@code manifest}, or skips the calling test. */
  static List<ConvertedReference> of(String manifest) {
    JsonValue files = JsonValue.read(Reference.of("conversion/" + manifest)).get("files");
    List<ConvertedReference> references = new ArrayList<>();
    for (String name : files.keys()) {
      Path answers = Reference.of("conversion/" + name + "_io.npz");
      Path weights = answers.resolveSibling(name + "_converted.pth.tar");
      if (!Files.exists(weights)) {
        weights = weights.resolveSibling(weights.getFileName() + ".gz");
      }
      StateDict official = PyTorchCheckpoint.read(weights).stateDict(WeightsKind.RAW);
      Map<String, Tensor> io = NpzFile.read(answers);
      Tensor x = io.get("x");
      ModelDescription model =
          describe(
              name, files.get(name).get("config"), manifest.contains("v2"), x.size(2), official);
      references.add(
          new ConvertedReference(
              model, OfficialStateDict.adopt(model, official), x, io.get("logits_converted")));
    }
    return references;
  }

  private static ModelDescription describe(
      String name, JsonValue config, boolean isV2, int imageSize, StateDict official) {
    ModelDescription model =
        ArchitectureRegistry.names().contains(name)
            ? ArchitectureRegistry.describe(name)
            : ArchitectureRegistry.describe(isV2 ? "cdnv2" : "condensenet", knobs(config));
    model =
        ArchitectureRegistry.describe(
            model.name(),
            model
                .architecture()
                .with(Map.of(Knob.IMAGE_SIZE, Integer.toString(imageSize)))
                .knobs());
    Form form = OfficialStateDict.formOf(model.architecture(), official);
    return model.as(form);
  }

  private static Map<Knob, String> knobs(JsonValue config) {
    Map<Knob, String> knobs = new EnumMap<>(Knob.class);
    for (String key : config.keys()) {
      for (Knob knob : Knob.values()) {
        if (knob.spelling().equals(key.toLowerCase(Locale.ROOT).replace('_', '-'))) {
          JsonValue value = config.get(key);
          knobs.put(
              knob,
              value.isList()
                  ? IntStream.of(value.integers())
                      .mapToObj(Integer::toString)
                      .collect(Collectors.joining("-"))
                  : Integer.toString(value.integer()));
        }
      }
    }
    return knobs;
  }
}
