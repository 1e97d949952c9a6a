package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.architecture.Architecture;
import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.preprocessing.Preprocessing;
import io.github.condensenet4j.pipelines.ImageCheck;
import io.github.condensenet4j.pipelines.LabeledImages;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Reads all images to find bad ones. */
@Command(
    name = "check",
    description = {
      "Reads every image and names those that cannot be read; the exit code is 1 if there are any."
    })
final class DataCheckCommand extends SubCommand {

  @Mixin private DataOptions data;
  @Mixin private FormatOption format;

  DataCheckCommand(Console console) {
    super(console);
  }

  /**
   * What was found in a part of the data.
   *
   * @param name {@code train} or {@code val}
   * @param images the images
   * @param unreadable a sentence about each that cannot be read
   */
  private record Part(String name, LabeledImages images, List<String> unreadable) {}

  @Override
  public Integer call() {
    int threads = data.loaderThreads();
    Datasets datasets = data.datasets(null);
    Architecture network = ArchitectureRegistry.describe(datasets.usualModel()).architecture();
    Preprocessing usual = datasets.usualPreprocessing(datasets.usualModel(), network.imageSize());
    List<Part> parts = new ArrayList<>();
    LabeledImages training = datasets.training(network, usual);
    parts.add(check("train", training, threads));
    datasets
        .validation(network, training.classNames(), usual)
        .ifPresent(images -> parts.add(check("val", images, threads)));
    print(parts);
    return parts.stream().allMatch(part -> part.unreadable().isEmpty())
        ? ExitCode.OK
        : ExitCode.FAILED;
  }

  private static Part check(String name, LabeledImages images, int threads) {
    List<String> unreadable = List.copyOf(ImageCheck.unreadable(images, threads).values());
    return new Part(name, images, unreadable);
  }

  private void print(List<Part> parts) {
    if (format.isJson()) {
      List<Map<String, Object>> all = new ArrayList<>();
      for (Part part : parts) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("part", part.name());
        facts.put("images", part.images().size());
        facts.put("classes", part.images().classNames().size());
        facts.put("unreadable", part.unreadable());
        all.add(facts);
      }
      console().out().print(JsonValue.of(Map.of("parts", all)).pretty());
      return;
    }
    for (Part part : parts) {
      part.unreadable().forEach(sentence -> console().out().println("bad: " + sentence));
      console()
          .out()
          .printf(
              "%s: %,d images of %,d classes, %,d cannot be read%n",
              part.name(),
              part.images().size(),
              part.images().classNames().size(),
              part.unreadable().size());
    }
  }
}
