package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.architecture.CondenseNetArchitecture;
import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.condensation.Condenser;
import io.github.condensenet4j.core.io.FileProblem;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.pipelines.EvaluationBatches;
import io.github.condensenet4j.pipelines.LabeledImages;
import io.github.condensenet4j.zoo.ConversionReport;
import io.github.condensenet4j.zoo.GraphOptions;
import io.github.condensenet4j.zoo.ModelGraphs;
import io.github.condensenet4j.zoo.ModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a network of group convolutions of a trained one. */
@Command(
    name = "convert",
    description = {
      "Makes the condensed network of a trained one: the connections that training dropped are"
          + " gone, the answers stay.",
      "With data both networks are evaluated. Images that cannot be read are left out and named,"
          + " and the exit code is 1 then; the file is written all the same."
    })
final class ConvertCommand extends NumericCommand {

  private static final int NOISE_IMAGES = 8;

  @Parameters(
      arity = "0..2",
      paramLabel = "IN OUT",
      description = "Trained model file or official checkpoint, and the file to write.")
  private List<Path> positions = List.of();

  @Option(names = "--convert-from", paramLabel = "IN", description = "The same as IN.")
  private Path convertFrom;

  @Mixin private PretrainedOption pretrained;

  @Option(
      names = {"--train-url", "--savedir"},
      paramLabel = "DIR",
      description =
          "Folder for converted_model_NAME.zip, in the place of OUT; runs/NAME where --convert-from"
              + " names the model.")
  private Path folder;

  @Option(
      names = "--whole-classifier",
      description = "Leaves CondenseNet's classifier whole; officially half of its inputs go.")
  private boolean wholeClassifier;

  @Option(
      names = "--complete",
      description =
          "Drops what an incomplete training has left to drop, the weakest connections first, at"
              + " the cost of accuracy.")
  private boolean complete;

  @Mixin private WeightsOption weights;
  @Mixin private DataOptions data;
  @Mixin private PreprocessingOptions preprocessing;
  @Mixin private BatchOption batch;
  @Mixin private FormatOption format;

  private NamedModelOptions named;
  private ModelInput trained;
  private Optional<LabeledImages> images = Optional.empty();
  private List<String> unreadable = List.of();

  ConvertCommand(Console console) {
    super(console);
  }

  @Override
  void declare(CommandSpec command) {
    named = new NamedModelOptions(command);
    tell(OptionsWithoutEffect.ofEvaluation(command));
  }

  @Override
  void check() {
    batch.size();
    weights.kind();
    source();
    target("NAME");
    if (data.isGiven() || place() != null) {
      data.datasets(place());
    }
  }

  private Path source() {
    if (pretrained.isGiven()) {
      if (convertFrom != null || positions.size() > 1) {
        throw new InvalidOptionException("give IN or --pretrained, not both");
      }
      return pretrained.name();
    }
    if (convertFrom == null && positions.isEmpty()) {
      throw new InvalidOptionException("the model to convert is missing; name its file");
    }
    return convertFrom != null ? convertFrom : positions.get(0);
  }

  private Path target(String name) {
    int index = convertFrom != null || pretrained.isGiven() ? 0 : 1;
    if (positions.size() > index && place() == null) {
      return positions.get(index);
    }
    if (folder == null && convertFrom == null) {
      throw new InvalidOptionException(
          "the file to write is missing; name it after the model to convert");
    }
    Path parent = folder != null ? folder : Path.of("runs", name);
    return parent.resolve("converted_model_" + name + ".zip");
  }

  /** Returns the data that is named by position, as the official CondenseNet takes it. */
  private Path place() {
    boolean isData =
        convertFrom != null && positions.size() == 1 && Files.isDirectory(positions.get(0));
    return isData ? positions.get(0) : null;
  }

  @Override
  void prepare() {
    if (pretrained.isGiven()) {
      trained = named.read(pretrained, Form.TRAINABLE, weights.kind());
    } else {
      trained = named.read(source(), weights.kind());
      ModelInput.requireOther(source(), target(trained.model().name()));
    }
    if (data.isGiven() || place() != null) {
      images = Optional.of(EvaluateCommand.images(data.datasets(place()), trained, preprocessing));
    }
  }

  @Override
  int compute() {
    ModelDescription before = trained.model();
    StateDict full = complete ? Condenser.complete(before, trained.weights()) : trained.weights();
    ModelDescription after = before.as(form(before));
    StateDict condensed = Condenser.condense(before, full, after.form());
    Path target = target(before.name());
    createFolderOf(target);
    ModelStore.save(target, trained.metadata().withModel(after), condensed, Optional.empty());
    ConversionReport report = compare(before, full, after, condensed);
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("name", after.qualifiedName());
    facts.put("output", target.toString());
    // The official counter takes learned convolutions for condensed before they are; what the
    // trained file really holds is the full count.
    facts.put("paramsBefore", report.paramsBefore());
    facts.put("paramsAfter", report.paramsAfter());
    facts.put("flopsBefore", report.flopsBefore());
    facts.put("flopsAfter", report.flopsAfter());
    facts.put("bytesBefore", pretrained.isGiven() ? pretrained.bytes() : bytes(source()));
    facts.put("bytesAfter", bytes(target));
    facts.put("maxLogitDifference", report.maxLogitDifference());
    if (images.isPresent()) {
      facts.put("top1Before", report.top1Before());
      facts.put("top1After", report.top1After());
      UnreadableImages.putInto(facts, unreadable);
    }
    print(facts);
    UnreadableImages.tell(unreadable, console().log());
    return unreadable.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }

  /**
   * Compares the answers to all images that are given, or to noise.
   *
   * @throws InvalidFileException if images are given and none of them can be read
   */
  private ConversionReport compare(
      ModelDescription before, StateDict full, ModelDescription after, StateDict condensed) {
    ComputationGraph trainedGraph = ModelGraphs.build(before, GraphOptions.inference(), full);
    ComputationGraph graph = ModelGraphs.build(after, GraphOptions.inference(), condensed);
    if (images.isEmpty()) {
      DataSet noise = noise(before.architecture().imageSize());
      return ConversionReport.of(before, trainedGraph, after, graph, List.of(noise).iterator());
    }
    try (EvaluationBatches batches =
        new EvaluationBatches(images.get(), batch.size(), data.loaderThreads())) {
      ConversionReport report = ConversionReport.of(before, trainedGraph, after, graph, batches);
      unreadable = List.copyOf(batches.unreadable().values());
      int size = images.get().size();
      if (unreadable.size() == size) {
        throw new InvalidFileException(
            images.get().name(0), "none of the " + size + " images can be read");
      }
      return report;
    }
  }

  /** Returns a few images of normal noise, always the same, without labels. */
  private static DataSet noise(int imageSize) {
    Random random = new Random(0);
    float[] values = new float[NOISE_IMAGES * 3 * imageSize * imageSize];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return new DataSet(
        Nd4j.createFromArray(values).reshape(NOISE_IMAGES, 3, imageSize, imageSize), null);
  }

  /** The official scripts make the folder that they are told; a file elsewhere is a mistake. */
  private void createFolderOf(Path target) {
    try {
      if (positions.size() < 2 && target.getParent() != null) {
        Files.createDirectories(target.getParent());
      }
    } catch (IOException e) {
      throw FileProblem.writing(target, e);
    }
  }

  private Form form(ModelDescription before) {
    boolean hasHalvedClassifier = before.architecture() instanceof CondenseNetArchitecture;
    return wholeClassifier && hasHalvedClassifier
        ? Form.CONDENSED_WHOLE_CLASSIFIER
        : Form.CONDENSED;
  }

  private static long bytes(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw FileProblem.reading(file, e);
    }
  }

  private void print(Map<String, Object> facts) {
    if (format.isJson()) {
      console().out().print(JsonValue.of(facts).pretty());
      return;
    }
    console().out().println("converted: " + facts.get("output") + ", " + facts.get("name"));
    Table table = new Table("", ">before", ">after");
    row(table, "parameters", "params", facts);
    row(table, "FLOPs (official count)", "flops", facts);
    row(table, "bytes", "bytes", facts);
    if (images.isPresent()) {
      table.row(
          "top-1",
          String.format(Locale.ROOT, "%.2f %%", (Double) facts.get("top1Before")),
          String.format(Locale.ROOT, "%.2f %%", (Double) facts.get("top1After")));
    }
    console().out().print(table);
    console()
        .out()
        .println(
            "largest difference of a logit on "
                + (images.isPresent() ? "these images" : "noise")
                + ": "
                + String.format(Locale.ROOT, "%.3g", (Double) facts.get("maxLogitDifference")));
  }

  private static void row(Table table, String what, String key, Map<String, Object> facts) {
    table.row(
        what,
        String.format(Locale.ROOT, "%,d", (Long) facts.get(key + "Before")),
        String.format(Locale.ROOT, "%,d", (Long) facts.get(key + "After")));
  }
}
