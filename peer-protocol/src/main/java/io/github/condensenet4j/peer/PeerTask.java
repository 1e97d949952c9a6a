package io.github.condensenet4j.peer;

import io.github.condensenet4j.core.architecture.ArchitectureJson;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.numpy.NpzFile;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.core.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a process is to compute, again and again.
 *
 * @param kind what is computed
 * @param model the network: condensed for {@link Kind#INFERENCE}, trainable for {@link
 *     Kind#TRAINING}
 * @param weights numpy archive of the network's tensors
 * @param batch numpy archive of {@code images [N, 3, H, W]} and {@code labels [N]}
 * @param threads how many threads work on it
 * @param variant the way to compute it, one of those that the process names
 */
public record PeerTask(
    Kind kind, ModelDescription model, Path weights, Path batch, int threads, String variant) {

  private static final String IMAGES = "images";
  private static final String LABELS = "labels";

  /** What is computed. */
  public enum Kind {
    /** The logits of all images. */
    INFERENCE,
    /** A step of the optimiser, as {@link TrainingStep} says. */
    TRAINING;

    static Kind of(JsonValue json) {
      return valueOf(json.text().toUpperCase(Locale.ROOT));
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Returns the same task in another way. */
  public PeerTask as(String newVariant) {
    return new PeerTask(kind, model, weights, batch, threads, newVariant);
  }

  /** Reads the network's tensors. */
  public StateDict readWeights() {
    return StateDict.of(NpzFile.read(weights));
  }

  /** Reads the images, {@code [N, 3, H, W]}. */
  public Tensor readImages() {
    return NpzFile.read(batch, IMAGES);
  }

  /** Reads the class of each image, {@code [N]}. */
  public Tensor readLabels() {
    return NpzFile.read(batch, LABELS);
  }

  /** Writes what {@link #readImages} and {@link #readLabels} read. */
  public static void writeBatch(Path file, Tensor images, Tensor labels) {
    Map<String, Tensor> arrays = new LinkedHashMap<>();
    arrays.put(IMAGES, images);
    arrays.put(LABELS, labels);
    NpzFile.write(file, arrays);
  }

  JsonValue toJson() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("kind", kind.toString());
    members.put("model", ArchitectureJson.write(model));
    members.put("weights", weights.toString());
    members.put("batch", batch.toString());
    members.put("threads", threads);
    members.put("variant", variant);
    return JsonValue.of(members);
  }

  static PeerTask of(JsonValue json) {
    return new PeerTask(
        Kind.of(json.get("kind")),
        ArchitectureJson.readModel(json.get("model")),
        Path.of(json.get("weights").text()),
        Path.of(json.get("batch").text()),
        json.get("threads").integer(),
        json.get("variant").text());
  }
}
