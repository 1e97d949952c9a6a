package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.architecture.Architecture;
import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.preprocessing.Preprocessing;
import io.github.condensenet4j.pipelines.Augmentation;
import io.github.condensenet4j.pipelines.LabeledImages;
import io.github.condensenet4j.pipelines.LoaderSpeed;
import io.github.condensenet4j.pipelines.TrainingBatches;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures how fast images come. */
@Command(
    name = "bench",
    description = {
      "Measures how many images a second are read, decoded, changed and put into batches, for"
          + " training and for evaluation and for each number of threads up to -j.",
      "Each figure is of everything up to that stage; '-' where images are in memory."
    })
final class DataBenchCommand extends NumericCommand {

  @Mixin private DataOptions data;
  @Mixin private PreprocessingOptions preprocessing;
  @Mixin private AugmentationOptions augmentation;
  @Mixin private BatchOption batch;
  @Mixin private FormatOption format;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "Network for which images are made; cdnv2_a, for small images cdnv2_110.")
  private String model;

  @Option(
      names = "--seconds",
      paramLabel = "F",
      defaultValue = "2",
      description = "Time for each figure; ${DEFAULT-VALUE}.")
  private Double seconds;

  private LabeledImages training;
  private LabeledImages evaluation;
  private Augmentation change;

  DataBenchCommand(Console console) {
    super(console);
  }

  @Override
  void check() {
    data.datasets(null);
    data.loaderThreads();
    augmentation.check();
    batch.size();
    if (!(seconds > 0)) {
      throw new InvalidOptionException("--seconds", "more than 0", seconds);
    }
  }

  @Override
  void prepare() {
    Datasets datasets = data.datasets(null);
    String name = model == null ? datasets.usualModel() : ModelName.unofficial(model);
    Architecture network = ArchitectureRegistry.describe(name).architecture();
    Preprocessing usual =
        preprocessing.over(datasets.usualPreprocessing(name, network.imageSize()));
    training = datasets.training(network, usual);
    evaluation = datasets.validation(network, training.classNames(), usual).orElse(training);
    change = augmentation.augmentation(training, datasets.kind() != DatasetKind.NPZ);
  }

  @Override
  int compute() {
    List<LoaderSpeed> trained = new ArrayList<>();
    List<LoaderSpeed> evaluated = new ArrayList<>();
    for (int threads = 1; threads <= data.loaderThreads(); threads++) {
      trained.add(
          LoaderSpeed.ofTraining(
              training,
              TrainingBatches.of(training)
                  .batchSize(Math.min(batch.size(), training.size()))
                  .augmentation(change)
                  .mixup(augmentation.mixup())
                  .erasing(augmentation.erasing())
                  .splits(augmentation.splits()),
              change,
              threads,
              seconds));
      evaluated.add(LoaderSpeed.ofEvaluation(evaluation, batch.size(), threads, seconds));
    }
    print(trained, evaluated);
    return ExitCode.OK;
  }

  private void print(List<LoaderSpeed> trained, List<LoaderSpeed> evaluated) {
    if (format.isJson()) {
      List<Map<String, Object>> results = new ArrayList<>();
      trained.forEach(speed -> results.add(facts("training", speed)));
      evaluated.forEach(speed -> results.add(facts("evaluation", speed)));
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("images", training.size());
      facts.put("augmentation", change.description());
      facts.put("results", results);
      console().out().print(JsonValue.of(facts).pretty());
      return;
    }
    Table table = new Table("images/s for", ">threads", ">read", ">decode", ">augment", ">batch");
    trained.forEach(speed -> row(table, "training", speed));
    evaluated.forEach(speed -> row(table, "evaluation", speed));
    console().out().print(table);
  }

  private static void row(Table table, String mode, LoaderSpeed speed) {
    table.row(
        mode,
        speed.threads(),
        cell(speed.read()),
        cell(speed.decode()),
        cell(OptionalDouble.of(speed.augment())),
        cell(OptionalDouble.of(speed.batch())));
  }

  private static String cell(OptionalDouble speed) {
    return speed.isPresent() ? String.format(Locale.ROOT, "%,.0f", speed.getAsDouble()) : "-";
  }

  private static Map<String, Object> facts(String mode, LoaderSpeed speed) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("mode", mode);
    facts.put("threads", speed.threads());
    speed.read().ifPresent(value -> facts.put("read", value));
    speed.decode().ifPresent(value -> facts.put("decode", value));
    facts.put("augment", speed.augment());
    facts.put("batch", speed.batch());
    return facts;
  }
}
