package io.github.condensenet4j.core.pretrained;

import io.github.condensenet4j.core.json.JsonValue;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a model card says about a model file.
 *
 * @param file its name beside the card
 * @param bytes its length
 * @param sha256 the sum of its bytes, 64 hexadecimal digits in lower case
 * @param metrics what was measured with it, by name, such as {@code top1} in percent
 */
public record CardFile(String file, long bytes, String sha256, Map<String, Double> metrics) {

  /** Copies the metrics, keeping their order. */
  public CardFile {
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
  }

  Map<String, Object> toJson() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("file", file);
    members.put("bytes", bytes);
    members.put("sha256", sha256);
    members.put("metrics", metrics);
    return members;
  }

  static CardFile fromJson(JsonValue json) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    JsonValue measured = json.get("metrics");
    measured.keys().forEach(name -> metrics.put(name, measured.get(name).number()));
    return new CardFile(
        json.get("file").text(),
        json.get("bytes").longInteger(),
        json.get("sha256").text(),
        metrics);
  }
}
