package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.architecture.Architecture;
import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.cost.ModelCost;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.model.CondensedModel;
import io.github.condensenet4j.core.model.RandomModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures how fast the engine runs a converted network on this machine. */
@Command(
    name = "bench",
    description = {
      "Measures how fast the engine runs a converted network on this machine.",
      "FLOP are two for each multiply-add of the official count; the peak is what a product of"
          + " matrices reaches here on as many threads."
    })
final class BenchCommand extends SubCommand {

  private static final String LEAST = "1 or more";

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "MODEL|NAME",
      description =
          "Converted model file, or name as 'models' lists it, for random weights; not with"
              + " --pretrained.")
  private String modelOrName;

  @Mixin private PretrainedOption pretrained;

  @Option(
      names = {"--batch", "-b"},
      paramLabel = "N[,N...]",
      split = ",",
      defaultValue = "1,8,32",
      description = "Images a call; ${DEFAULT-VALUE} without it.")
  private List<Integer> batches;

  @Option(
      names = "--threads",
      paramLabel = "N[,N...]",
      split = ",",
      description = "Threads; without it 1, and all cores.")
  private List<Integer> threads;

  @Option(
      names = {"--image-size", "--img-size"},
      paramLabel = "N",
      description = "Height and width of the images; the network's own without it.")
  private Integer imageSize;

  @Option(
      names = "--profile",
      description = "Also tells how long each layer takes, added up over all threads.")
  private boolean profile;

  @Mixin private WeightsOption weights;
  @Mixin private FormatOption format;
  @Spec private CommandSpec spec;

  BenchCommand(Console console) {
    super(console);
  }

  @Override
  public Integer call() {
    check();
    OptionalInt exitCode =
        new Surroundings(BackendChoice.AUTO, OptionalInt.empty()).runElsewhere(spec);
    if (exitCode.isPresent()) {
      return exitCode.getAsInt();
    }
    CondensedModel model = model();
    InferenceTimer timer = new InferenceTimer(model, size(model.description().architecture()));
    List<InferenceTiming> timings =
        threads().stream()
            .flatMap(
                count -> {
                  double peak = MatrixProductPeak.measure(count);
                  return batches.stream().map(batch -> timer.time(batch, count, peak, profile));
                })
            .toList();
    print(model.description(), timings);
    return ExitCode.OK;
  }

  private void check() {
    if ((modelOrName == null) != pretrained.isGiven()) {
      throw new InvalidOptionException(
          modelOrName == null
              ? "the model is missing; name its file, a network, or a trained model with"
                  + " --pretrained"
              : "give MODEL|NAME or --pretrained, not both");
    }
    for (int batch : batches) {
      if (batch < 1) {
        throw new InvalidOptionException("--batch", LEAST, batch);
      }
    }
    for (int count : threads()) {
      if (count < 1) {
        throw new InvalidOptionException("--threads", LEAST, count);
      }
    }
    if (imageSize != null && imageSize < 1) {
      throw new InvalidOptionException("--image-size", LEAST, imageSize);
    }
  }

  private List<Integer> threads() {
    int all = Runtime.getRuntime().availableProcessors();
    return threads != null ? threads : all > 1 ? List.of(1, all) : List.of(1);
  }

  private CondensedModel model() {
    if (pretrained.isGiven()) {
      return condensed(
          pretrained.name(), pretrained.read(Form.CONDENSED, weights.kind(), Optional.empty()));
    }
    Path file = Path.of(modelOrName);
    if (Files.exists(file) || modelOrName.endsWith(".zip")) {
      return condensed(file, ModelInput.read(file, weights.kind(), Optional.empty()));
    }
    return RandomModel.condensed(ArchitectureRegistry.describe(ModelName.unofficial(modelOrName)));
  }

  private static CondensedModel condensed(Path file, ModelInput input) {
    if (!input.model().form().isCondensed()) {
      throw new InvalidOptionException(
          file + " holds a network that is not converted; convert it first");
    }
    return new CondensedModel(input.model(), input.weights(), input.metadata());
  }

  private int size(Architecture architecture) {
    return imageSize != null ? imageSize : architecture.imageSize();
  }

  /** Returns the multiply-adds of one image of {@code size}. */
  static long multiplyAdds(ModelDescription model, int size) {
    return ModelCost.of(GraphScorer.resized(model, size)).flops();
  }

  private void print(ModelDescription model, List<InferenceTiming> timings) {
    if (format.isJson()) {
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("model", model.qualifiedName());
      facts.put("imageSize", size(model.architecture()));
      facts.put("results", timings.stream().map(InferenceTiming::facts).toList());
      console().out().print(JsonValue.of(facts).pretty());
      return;
    }
    Table table =
        new Table(
            ">batch",
            ">threads",
            ">median ms",
            ">p95 ms",
            ">p99 ms",
            ">images/s",
            ">GFLOP/s",
            ">of peak");
    for (InferenceTiming timing : timings) {
      table.row(
          timing.batch(),
          timing.threads(),
          rounded("%.3f", timing.medianMillis()),
          rounded("%.3f", timing.p95Millis()),
          rounded("%.3f", timing.p99Millis()),
          rounded("%.1f", timing.imagesPerSecond()),
          rounded("%.1f", timing.gigaflops()),
          rounded("%.0f %%", 100 * timing.gigaflops() / timing.peakGigaflops()));
    }
    console().out().print(table);
    for (InferenceTiming timing : timings) {
      if (!timing.layers().isEmpty()) {
        console()
            .out()
            .printf(
                "%nbatch %d, threads %d%n%s",
                timing.batch(), timing.threads(), timing.layerTable());
      }
    }
  }

  private static String rounded(String pattern, double value) {
    return String.format(Locale.ROOT, pattern, value);
  }
}
