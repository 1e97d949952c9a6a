package io.github.condensenet4j.core.architecture;

import io.github.condensenet4j.core.ArchitectureException;
import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.json.JsonValue;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Networks as JSON, for metadata of files.
 *
 * <p>An architecture is an object of its {@code family} and every {@link Knob} by its spelling; a
 * model is {@code name}, {@code form} and {@code architecture}.
 */
public final class ArchitectureJson {

  private ArchitectureJson() {}

  /** Returns {@code model} as JSON. */
  public static JsonValue write(ModelDescription model) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("name", model.name());
    members.put("form", model.form().name().toLowerCase(Locale.ROOT));
    members.put("architecture", write(model.architecture()));
    return JsonValue.of(members);
  }

  /** Returns {@code network} as JSON. */
  public static JsonValue write(Architecture network) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("family", network.family());
    network
        .knobs()
        .forEach(
            (knob, value) ->
                members.put(
                    knob.spelling(),
                    switch (knob) {
                      case STAGES -> network.stages();
                      case GROWTH -> network.growth();
                      case DROP_RATE -> network.dropRate();
                      default -> Integer.valueOf(value);
                    }));
    return JsonValue.of(members);
  }

  /**
   * Returns the model that {@code json} describes.
   *
   * @throws InvalidFileException if it describes none
   * @throws ArchitectureException if the numbers clash
   */
  public static ModelDescription readModel(JsonValue json) {
    String form = json.get("form").text();
    return new ModelDescription(
        json.get("name").text(),
        readArchitecture(json.get("architecture")),
        Arrays.stream(Form.values())
            .filter(known -> known.name().toLowerCase(Locale.ROOT).equals(form))
            .findFirst()
            .orElseThrow(
                () -> new ArchitectureException("form", Arrays.toString(Form.values()), form)));
  }

  /**
   * Returns the architecture that {@code json} describes.
   *
   * @throws InvalidFileException if it describes none
   * @throws ArchitectureException if the numbers clash
   */
  public static Architecture readArchitecture(JsonValue json) {
    String family = json.get("family").text();
    if (!List.of(CondenseNetArchitecture.FAMILY, CondenseNetV2Architecture.FAMILY)
        .contains(family)) {
      throw new ArchitectureException(
          "family",
          CondenseNetArchitecture.FAMILY + " or " + CondenseNetV2Architecture.FAMILY,
          family);
    }
    Map<Knob, String> values = new EnumMap<>(Knob.class);
    for (Knob knob : ArchitectureRegistry.get(family).knobs().keySet()) {
      JsonValue value = json.get(knob.spelling());
      values.put(
          knob,
          switch (knob) {
            case STAGES, GROWTH ->
                Arrays.stream(value.integers())
                    .mapToObj(String::valueOf)
                    .collect(Collectors.joining("-"));
            case DROP_RATE -> Double.toString(value.number());
            default -> Integer.toString(value.integer());
          });
    }
    return Architecture.of(family, values);
  }
}
