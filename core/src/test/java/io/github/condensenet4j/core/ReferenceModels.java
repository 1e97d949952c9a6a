package io.github.condensenet4j.core;

import io.github.condensenet4j.core.architecture.Architecture;
import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.architecture.Knob;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.fixtures.Reference;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The networks of {@code reference/model_table}. */
public final class ReferenceModels {

  private static final Map<String, Knob> OFFICIAL_NAMES =
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
          Map.entry("dropout_rate", Knob.DROP_RATE),
          Map.entry("num_classes", Knob.NUM_CLASSES));

  private ReferenceModels() {}

  /** Returns the rows of the table that the official counters made. */
  public static List<JsonValue> rows() {
    return JsonValue.read(Reference.of("model_table/model_table.json")).get("models").list();
  }

  /** Returns the architecture of a row from its {@code config} alone. */
  public static Architecture architecture(JsonValue row) {
    JsonValue config = row.get("config");
    Map<Knob, String> knobs = new EnumMap<>(Knob.class);
    for (String key : config.keys()) {
      if (OFFICIAL_NAMES.containsKey(key)) {
        knobs.put(OFFICIAL_NAMES.get(key), text(config.get(key)));
      }
    }
    knobs.put(Knob.IMAGE_SIZE, row.get("input").list().get(1).toString());
    String family = config.find("group_trans").isPresent() ? "cdnv2" : "condensenet";
    return ArchitectureRegistry.get(family).with(knobs);
  }

  private static String text(JsonValue value) {
    return value.isList()
        ? value.list().stream().map(JsonValue::toString).collect(Collectors.joining("-"))
        : value.toString();
  }
}
