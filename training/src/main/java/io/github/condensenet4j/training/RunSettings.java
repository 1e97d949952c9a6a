package io.github.condensenet4j.training;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.pipelines.ImageFolderDataset;
import io.github.condensenet4j.pipelines.LabeledImages;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What of a run may change when it is taken up again, and what may not. */
final class RunSettings {

  // These change how a run is watched and kept, not what comes out.
  private static final Set<String> FREE =
      Set.of("checkpoint-every", "log-steps", "validation-batch-size-multiplier", "start-epoch");
  private static final Set<String> NOT_OF_THE_RUN = Set.of("resume", "overwrite", "output");

  private RunSettings() {}

  /** Returns what must stay the same: the recipe, and the data as far as it shows. */
  static Map<String, Object> of(TrainingOptions options, TrainingData data, boolean frozen) {
    Map<String, Object> settings = new LinkedHashMap<>(options.asMap());
    settings.keySet().removeAll(FREE);
    LabeledImages images = data.training();
    settings.put("training images", images.size());
    settings.put(
        "size of an image", images.channels() + "·" + images.height() + "·" + images.width());
    if (images instanceof ImageFolderDataset folder && folder.isScaledDecode()) {
      settings.put("scaled-decode", true);
    }
    settings.put("classes", images.classNames().size());
    settings.put("augmentation", data.augmentation().description());
    settings.put("mixup", data.mixup().toString());
    settings.put("erasing", data.erasing().toString());
    if (data.splits().count() > 1) {
      settings.put("versions of an image", data.splits().description());
    }
    settings.put("shuffled", data.shuffled());
    settings.put("validation images", data.validation().map(LabeledImages::size).orElse(0));
    if (frozen) {
      settings.put("frozen features", true);
    }
    return settings;
  }

  /**
   * Refuses to resume with other settings, and mentions other arguments.
   *
   * @throws InvalidOptionException if a setting has changed
   */
  static void check(
      Path checkpoint,
      RunState saved,
      Map<String, JsonValue> settings,
      Map<String, JsonValue> arguments,
      TrainingProgress progress) {
    String changed = changes(saved.settings(), settings);
    if (!changed.isEmpty()) {
      throw new InvalidOptionException(
          checkpoint
              + " was trained with other settings: "
              + changed
              + "; resume with the old ones");
    }
    Map<String, JsonValue> before = new LinkedHashMap<>(saved.arguments());
    Map<String, JsonValue> now = new LinkedHashMap<>(arguments);
    for (Set<String> names : List.of(FREE, NOT_OF_THE_RUN)) {
      before.keySet().removeAll(names);
      now.keySet().removeAll(names);
    }
    String mentioned = changes(before, now);
    if (!mentioned.isEmpty()) {
      progress.message("resumed with other options: " + mentioned);
    }
  }

  private static String changes(Map<String, JsonValue> before, Map<String, JsonValue> now) {
    Set<String> names = new LinkedHashSet<>(before.keySet());
    names.addAll(now.keySet());
    StringBuilder changes = new StringBuilder();
    for (String name : names) {
      if (!Objects.equals(before.get(name), now.get(name))) {
        changes.append(changes.isEmpty() ? "" : ", ");
        changes.append(name).append(" was ").append(text(before.get(name)));
        changes.append(" and is ").append(text(now.get(name)));
      }
    }
    return changes.toString();
  }

  /** Returns the values as people write them. */
  static Map<String, String> texts(Map<String, JsonValue> values) {
    Map<String, String> texts = new LinkedHashMap<>();
    values.forEach((name, value) -> texts.put(name, text(value)));
    return texts;
  }

  private static String text(JsonValue value) {
    return value == null ? "not set" : value.isText() ? value.text() : value.toString();
  }
}
