package io.github.condensenet4j.core.pretrained;

import io.github.condensenet4j.core.ArchitectureException;
import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.architecture.ArchitectureJson;
import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.json.JsonValue;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is known about a trained model: what it learned from and how, how good it is, who may use
 * it, and its two files.
 *
 * @param name name of the model, network and data set, such as {@code cdnv2-cifar10}
 * @param dataset name of the data set in lower case, such as {@code cifar10}
 * @param model the network, in its trainable form
 * @param data what it learned from and was measured on
 * @param command the command line that trained it
 * @param recipe the options of the training by name
 * @param provenance who or what made it: versions, seed, and what else is worth keeping
 * @param licence SPDX identifier of the weights' licence
 * @param trained the file to train on from
 * @param converted the file to predict with
 */
public record ModelCard(
    String name,
    String dataset,
    ModelDescription model,
    String data,
    String command,
    Map<String, String> recipe,
    Map<String, String> provenance,
    String licence,
    CardFile trained,
    CardFile converted) {

  private static final String FORMAT = "condensenet4j model card";
  private static final int FORMAT_VERSION = 1;

  /** Copies the maps, keeping their order. */
  public ModelCard {
    recipe = Collections.unmodifiableMap(new LinkedHashMap<>(recipe));
    provenance = Collections.unmodifiableMap(new LinkedHashMap<>(provenance));
  }

  /** Returns the file of one of the two forms. */
  public CardFile file(Form form) {
    return form.isCondensed() ? converted : trained;
  }

  /** Returns the card by the names that it has in {@code model-card.json}. */
  public JsonValue toJson() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("format", FORMAT);
    members.put("formatVersion", FORMAT_VERSION);
    members.put("name", name);
    members.put("dataset", dataset);
    members.put("model", ArchitectureJson.write(model));
    members.put("data", data);
    members.put("command", command);
    members.put("recipe", recipe);
    members.put("provenance", provenance);
    members.put("licence", licence);
    members.put("trained", trained.toJson());
    members.put("converted", converted.toJson());
    return JsonValue.of(members);
  }

  /**
   * Returns the card that {@code json} holds.
   *
   * @param source what to call it in messages
   * @throws InvalidFileException if it is none, or of a newer format
   */
  public static ModelCard fromJson(JsonValue json, String source) {
    if (!json.get("format").text().equals(FORMAT)) {
      throw json.get("format").unexpected(FORMAT);
    }
    int version = json.get("formatVersion").integer();
    if (version != FORMAT_VERSION) {
      throw new InvalidFileException(
          source,
          "is of format version %d, %d expected; take weights of this version of condensenet4j"
              .formatted(version, FORMAT_VERSION));
    }
    try {
      return new ModelCard(
          json.get("name").text(),
          json.get("dataset").text(),
          ArchitectureJson.readModel(json.get("model")),
          json.get("data").text(),
          json.get("command").text(),
          texts(json.get("recipe")),
          texts(json.get("provenance")),
          json.get("licence").text(),
          CardFile.fromJson(json.get("trained")),
          CardFile.fromJson(json.get("converted")));
    } catch (ArchitectureException e) {
      throw new InvalidFileException(source, "describes no network: " + e.getMessage(), e);
    }
  }

  private static Map<String, String> texts(JsonValue json) {
    Map<String, String> texts = new LinkedHashMap<>();
    json.keys().forEach(name -> texts.put(name, json.get(name).text()));
    return texts;
  }
}
