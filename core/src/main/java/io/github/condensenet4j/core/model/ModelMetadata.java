package io.github.condensenet4j.core.model;

import io.github.condensenet4j.core.ArchitectureException;
import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.architecture.ArchitectureJson;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.preprocessing.Interpolation;
import io.github.condensenet4j.core.preprocessing.Preprocessing;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a model file says about its weights.
 *
 * @param model the network
 * @param classNames names of the classes in the order of the outputs; empty if they are not known
 * @param preprocessing how a picture is brought to the network
 * @param versions programs and libraries that made the weights, by name
 * @param provenance where the weights come from: the command, the seed, the data set and what else
 *     is worth keeping, by name; a moment in time belongs here only if the same run should not make
 *     the same bytes
 * @param metrics results of the last evaluation and training by name, such as {@code top1}; those
 *     that are no finite number are not kept
 */
public record ModelMetadata(
    ModelDescription model,
    List<String> classNames,
    Preprocessing preprocessing,
    Map<String, String> versions,
    Map<String, String> provenance,
    Map<String, Double> metrics) {

  /**
   * Copies the collections, keeping their order.
   *
   * @throws ArchitectureException if there are class names, but not one a class
   */
  public ModelMetadata {
    classNames = List.copyOf(classNames);
    versions = copy(versions);
    provenance = copy(provenance);
    Map<String, Double> finite = new LinkedHashMap<>(metrics);
    finite.values().removeIf(value -> !Double.isFinite(value));
    metrics = Collections.unmodifiableMap(finite);
    int classes = model.architecture().numClasses();
    if (!classNames.isEmpty() && classNames.size() != classes) {
      throw new ArchitectureException(
          "number of class names", "one of " + classes, classNames.size());
    }
  }

  /** Returns what is known of a new network: nothing but its preprocessing. */
  public static ModelMetadata of(ModelDescription model, Preprocessing preprocessing) {
    return new ModelMetadata(model, List.of(), preprocessing, Map.of(), Map.of(), Map.of());
  }

  private static Map<String, String> copy(Map<String, String> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  /** Returns the same about another form of the network. */
  public ModelMetadata withModel(ModelDescription newModel) {
    return new ModelMetadata(newModel, classNames, preprocessing, versions, provenance, metrics);
  }

  /** Returns the same with other class names. */
  public ModelMetadata withClassNames(List<String> names) {
    return new ModelMetadata(model, names, preprocessing, versions, provenance, metrics);
  }

  /** Returns the same with other versions. */
  public ModelMetadata withVersions(Map<String, String> newVersions) {
    return new ModelMetadata(model, classNames, preprocessing, newVersions, provenance, metrics);
  }

  /** Returns the same with another provenance. */
  public ModelMetadata withProvenance(Map<String, String> newProvenance) {
    return new ModelMetadata(model, classNames, preprocessing, versions, newProvenance, metrics);
  }

  /** Returns the same with other metrics. */
  public ModelMetadata withMetrics(Map<String, Double> newMetrics) {
    return new ModelMetadata(model, classNames, preprocessing, versions, provenance, newMetrics);
  }

  /**
   * Returns the members of the metadata by name, as they stand in a model file: what {@code
   * JsonValue} takes.
   */
  public Map<String, Object> toJson() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("model", ArchitectureJson.write(model));
    members.put("classNames", classNames);
    Map<String, Object> pixels = new LinkedHashMap<>();
    pixels.put("mean", preprocessing.mean());
    pixels.put("std", preprocessing.std());
    pixels.put("imageSize", preprocessing.imageSize());
    pixels.put("cropPct", preprocessing.cropPct());
    pixels.put("interpolation", preprocessing.interpolation().word());
    members.put("preprocessing", pixels);
    members.put("versions", versions);
    members.put("provenance", provenance);
    members.put("metrics", metrics);
    return members;
  }

  /**
   * Returns the metadata that {@code json} holds.
   *
   * @param source name of the file for messages
   * @throws InvalidFileException if it holds none, or numbers that clash
   */
  static ModelMetadata fromJson(JsonValue json, String source) {
    try {
      Map<String, Double> metrics = new LinkedHashMap<>();
      JsonValue saved = json.get("metrics");
      saved.keys().forEach(key -> metrics.put(key, saved.get(key).number()));
      return new ModelMetadata(
          ArchitectureJson.readModel(json.get("model")),
          json.get("classNames").texts(),
          preprocessing(json.get("preprocessing")),
          texts(json.get("versions")),
          texts(json.get("provenance")),
          metrics);
    } catch (ArchitectureException | InvalidOptionException e) {
      throw foreign(source, e);
    }
  }

  private static Preprocessing preprocessing(JsonValue json) {
    return new Preprocessing(
        boxed(json.get("mean").numbers()),
        boxed(json.get("std").numbers()),
        json.get("imageSize").integer(),
        json.get("cropPct").number(),
        Interpolation.ofWord(json.get("interpolation").text()));
  }

  private static List<Double> boxed(double[] numbers) {
    return Arrays.stream(numbers).boxed().toList();
  }

  private static Map<String, String> texts(JsonValue json) {
    Map<String, String> texts = new LinkedHashMap<>();
    json.keys().forEach(key -> texts.put(key, json.get(key).text()));
    return texts;
  }

  private static InvalidFileException foreign(String source, CondenseNetException e) {
    return new InvalidFileException(source, "describes no network: " + e.getMessage(), e);
  }
}
