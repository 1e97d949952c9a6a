package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.architecture.Architecture;
import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.io.AtomicFile;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.preprocessing.Preprocessing;
import io.github.condensenet4j.pipelines.AugmentedSample;
import io.github.condensenet4j.pipelines.LabeledImages;
import io.github.condensenet4j.pipelines.TrainingBatches;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what training gets to see. */
@Command(
    name = "preview",
    description = {
      "Draws the first images of the first epoch as training sees them, with what was done to each,"
          + " into one PNG file to look at.",
      "The same options and seed give 'train' the same images. Mixing them, --mixup, is left out."
    })
final class DataPreviewCommand extends SubCommand {

  /** More would make a picture that programs refuse to open. */
  private static final int MOST = 400;

  @Mixin private DataOptions data;
  @Mixin private PreprocessingOptions preprocessing;
  @Mixin private AugmentationOptions augmentation;
  @Mixin private FormatOption format;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      required = true,
      description = "PNG file to write; one that is there is replaced.")
  private Path output;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "16",
      description = "Images to show; ${DEFAULT-VALUE}.")
  private Integer count;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Seed of order and augmentation; ${DEFAULT-VALUE}.")
  private Long seed;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "Network for which images are made; cdnv2_a, for small images cdnv2_110.")
  private String model;

  DataPreviewCommand(Console console) {
    super(console);
  }

  @Override
  public Integer call() {
    augmentation.check();
    if (count < 1 || count > MOST) {
      throw new InvalidOptionException("--count", "from 1 to " + MOST, count);
    }
    Datasets datasets = data.datasets(null);
    String name = model == null ? datasets.usualModel() : ModelName.unofficial(model);
    Architecture network = ArchitectureRegistry.describe(name).architecture();
    Preprocessing prepared =
        preprocessing.over(datasets.usualPreprocessing(name, network.imageSize()));
    LabeledImages images = datasets.training(network, prepared);
    List<AugmentedSample> samples;
    try (TrainingBatches batches =
        TrainingBatches.of(images)
            .batchSize(1)
            .seed(seed)
            .augmentation(augmentation.augmentation(images, datasets.kind() != DatasetKind.NPZ))
            .erasing(augmentation.erasing())
            .splits(augmentation.splits())
            .build()) {
      samples = batches.samples(count);
    }
    ContactSheet sheet = new ContactSheet(images, prepared, samples);
    AtomicFile.write(output, sheet::writeTo);
    print(images, samples);
    return ExitCode.OK;
  }

  private void print(LabeledImages images, List<AugmentedSample> samples) {
    if (!format.isJson()) {
      console().out().printf("preview: %s, %,d images%n", output, samples.size());
      return;
    }
    List<Map<String, Object>> all = new ArrayList<>();
    for (AugmentedSample sample : samples) {
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("name", images.name(sample.index()));
      facts.put("class", images.classNames().get(images.label(sample.index())));
      facts.put("operations", sample.operations());
      all.add(facts);
    }
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("output", output.toString());
    facts.put("images", all);
    console().out().print(JsonValue.of(facts).pretty());
  }
}
