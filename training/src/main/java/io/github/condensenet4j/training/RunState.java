package io.github.condensenet4j.training;

import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.model.ModelFile;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where a run stands, beside its arrays; {@code training.json} in a checkpoint.
 *
 * <p>Order of the images, augmentation and dropout have no state: they follow from seed and step.
 *
 * @param step the step that comes next
 * @param epoch what the steps of the running epoch have brought
 * @param best the best epoch so far, where there is one
 * @param settings what must stay the same for the rest of the run, by name
 * @param arguments what {@code args.yaml} holds
 */
record RunState(
    long step,
    EpochMeter epoch,
    Optional<BestEpoch> best,
    Map<String, JsonValue> settings,
    Map<String, JsonValue> arguments) {

  static final String ENTRY = ModelFile.TRAINING_STATE;
  private static final int VERSION = 1;

  /**
   * Returns the same run, set to the beginning of an epoch.
   *
   * @param firstStep the first step of {@code newEpoch}
   */
  RunState startingAt(int newEpoch, long firstStep) {
    return new RunState(
        firstStep,
        new EpochMeter(),
        best.filter(found -> found.epoch() < newEpoch),
        settings,
        arguments);
  }

  byte[] toBytes() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("version", VERSION);
    json.put("step", step);
    json.put("epoch", epoch.toJson());
    best.ifPresent(b -> json.put("best", Map.of("epoch", b.epoch(), "value", b.value())));
    json.put("settings", settings);
    json.put("arguments", arguments);
    return JsonValue.of(json).pretty().getBytes(StandardCharsets.UTF_8);
  }

  static RunState ofBytes(byte[] bytes, String source) {
    JsonValue json = JsonValue.parse(bytes, source);
    return new RunState(
        json.get("step").longInteger(),
        EpochMeter.fromJson(json.get("epoch")),
        json.find("best")
            .map(best -> new BestEpoch(best.get("epoch").integer(), best.get("value").number())),
        members(json.get("settings")),
        members(json.get("arguments")));
  }

  private static Map<String, JsonValue> members(JsonValue object) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    for (String key : object.keys()) {
      members.put(key, object.find(key).orElse(JsonValue.of(null)));
    }
    return members;
  }

  static Map<String, JsonValue> json(Map<String, ?> values) {
    Map<String, JsonValue> json = new LinkedHashMap<>();
    values.forEach((name, value) -> json.put(name, JsonValue.of(value)));
    return json;
  }
}
