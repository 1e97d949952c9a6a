package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.architecture.CondenseNetArchitecture;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.model.ModelFile;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.interchange.pytorch.CheckpointWriter;
import io.github.condensenet4j.interchange.pytorch.SgdState;
import java.nio.file.Path;
import java.util.Optional;

/** What the model file of a run says about where its optimiser stands. */
final class SavedRun {

  private SavedRun() {}

  /** Adds the optimiser of the run in {@code file} to a checkpoint, where it has one of SGD. */
  static void addTo(CheckpointWriter writer, Path file, ModelDescription model) {
    try (ModelFile saved = ModelFile.read(file)) {
      Optional<StateDict> velocities = saved.velocities();
      if (velocities.isEmpty() || !saved.entries().contains(ModelFile.TRAINING_STATE)) {
        return;
      }
      JsonValue run =
          JsonValue.parse(
              saved.entry(ModelFile.TRAINING_STATE), file + ": entry " + ModelFile.TRAINING_STATE);
      JsonValue settings = run.get("settings");
      if (!settings.get("opt").text().equals("sgd")) {
        return;
      }
      // CondenseNet's code lets everything decay, CondenseNetV2's spares vectors.
      boolean decaysVectors =
          settings
              .find("decay-rule")
              .map(rule -> rule.text().equals("v1"))
              .orElse(model.architecture() instanceof CondenseNetArchitecture);
      writer.run(
          new SgdState(
              velocities.get(),
              settings.get("lr").number(),
              settings.get("momentum").number(),
              settings.get("weight-decay").number(),
              decaysVectors),
          finishedEpochs(run) - 1,
          run.find("best").map(best -> best.get("value").number()).orElse(0.0));
    }
  }

  private static int finishedEpochs(JsonValue run) {
    JsonValue settings = run.get("settings");
    long batches =
        settings
            .find("batches-per-epoch")
            .map(JsonValue::longInteger)
            .orElseGet(
                () ->
                    settings.get("training images").longInteger()
                        / settings.get("batch-size").longInteger());
    return Math.toIntExact(run.get("step").longInteger() / Math.max(1, batches));
  }
}
