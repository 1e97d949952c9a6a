package io.github.condensenet4j.zoo;

import io.github.condensenet4j.core.architecture.Architecture;
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
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One model of {@code reference/conversion}: checkpoints before and after the official conversion,
 * inputs and logits.
 *
 * @param name what its files begin with
 * @param model the trainable network
 * @param manifest what the manifest says of it
 */
record ConversionReference(String name, ModelDescription model, JsonValue manifest) {

  private static final Map<String, Knob> KNOBS =
      Map.ofEntries(
          Map.entry("stages", Knob.STAGES),
          Map.entry("growth", Knob.GROWTH),
          Map.entry("bottleneck", Knob.BOTTLENECK),
          Map.entry("group_1x1", Knob.GROUP_1X1),
          Map.entry("group_3x3", Knob.GROUP_3X3),
          Map.entry("group_trans", Knob.GROUP_TRANS),
          Map.entry("condense_factor", Knob.CONDENSE_FACTOR),
          Map.entry("trans_factor", Knob.TRANS_FACTOR),
          Map.entry("HS_start_block", Knob.HS_START_BLOCK),
          Map.entry("SE_start_block", Knob.SE_START_BLOCK),
          Map.entry("last_se_reduction", Knob.LAST_SE_REDUCTION),
          Map.entry("fc_channel", Knob.FC_CHANNEL),
          Map.entry("num_classes", Knob.NUM_CLASSES));

  /** Returns all models that the manifests name. */
  static Stream<ConversionReference> all() {
    return Stream.of("manifest_v1.json", "manifest_v2.json")
        .flatMap(
            file -> {
              JsonValue files = JsonValue.read(Reference.of("conversion/" + file)).get("files");
              return files.keys().stream().map(name -> of(name, files.get(name)));
            });
  }

  private static ConversionReference of(String name, JsonValue manifest) {
    JsonValue config = manifest.get("config");
    String arch = manifest.find("arch").map(JsonValue::text).orElse("condensenet");
    String base = arch.startsWith("condensenetv2") ? "cdnv2" : arch;
    Map<Knob, String> knobs = new EnumMap<>(Knob.class);
    for (String key : config.keys()) {
      if (KNOBS.containsKey(key)) {
        knobs.put(KNOBS.get(key), text(config.get(key)));
      }
    }
    Architecture network = ArchitectureRegistry.get(base).with(knobs);
    return new ConversionReference(
        name, new ModelDescription(base, network, Form.TRAINABLE), manifest);
  }

  private static String text(JsonValue value) {
    return value.isList()
        ? value.list().stream().map(JsonValue::toString).collect(Collectors.joining("-"))
        : value.toString();
  }

  /** Returns the tensors before conversion. */
  StateDict trained() {
    return weights("_unconverted", model);
  }

  /** Returns the tensors after the official conversion. */
  StateDict condensed() {
    return weights("_converted", model.as(Form.CONDENSED));
  }

  private StateDict weights(String suffix, ModelDescription description) {
    String plain = name + suffix + ".pth.tar";
    boolean isPacked = !Files.exists(Reference.of("conversion").resolve(plain));
    Path file = Reference.of("conversion/" + plain + (isPacked ? ".gz" : ""));
    StateDict official = PyTorchCheckpoint.read(file).stateDict(WeightsKind.RAW);
    return OfficialStateDict.adopt(description, official);
  }

  /** Returns inputs and logits. */
  Map<String, Tensor> io() {
    return NpzFile.read(Reference.of("conversion/" + name + "_io.npz"));
  }

  /** Returns outputs of layers for the first input, by official names, where there are any. */
  Optional<Map<String, Tensor>> activations() {
    return manifest
        .find("activations")
        .map(found -> NpzFile.read(Reference.of("conversion/" + found.get("file").text())));
  }

  /** Returns {@code tensor} as an array. */
  static INDArray array(Tensor tensor) {
    long[] shape = new long[tensor.shape().length];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = tensor.size(i);
    }
    return Nd4j.createFromArray(tensor.toFloats()).reshape(shape);
  }

  @Override
  public String toString() {
    return name;
  }
}
