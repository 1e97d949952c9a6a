package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.architecture.CondenseNetArchitecture;
import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.condensation.Condenser;
import io.github.condensenet4j.core.io.AtomicFile;
import io.github.condensenet4j.core.io.FileProblem;
import io.github.condensenet4j.core.io.Sha256;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.model.ModelFile;
import io.github.condensenet4j.core.model.ModelMetadata;
import io.github.condensenet4j.core.pretrained.CardFile;
import io.github.condensenet4j.core.pretrained.ModelCard;
import io.github.condensenet4j.core.pretrained.PretrainedModel;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.engine.CompiledModel;
import io.github.condensenet4j.pipelines.LabeledImages;
import io.github.condensenet4j.training.evaluation.EvaluationResult;
import io.github.condensenet4j.training.evaluation.Evaluator;
import io.github.condensenet4j.zoo.GraphOptions;
import io.github.condensenet4j.zoo.ModelGraphs;
import io.github.condensenet4j.zoo.ModelStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes what a weights artifact carries out of the folder of a run. */
@Command(
    name = "pack-weights",
    description = {
      "Makes what a weights artifact carries out of the folder of a run: the trained and the"
          + " converted model, measured here, and their card.",
      "They are the resources of a module under zoo-weights; CONTRIBUTING.md says how to make one."
    })
final class PackWeightsCommand extends NumericCommand {

  private static final String TRAINED = "trained.zip";
  private static final String CONVERTED = "converted.zip";
  private static final String PAGE = "README.md";

  /** Where a run says what it learned from, in its last checkpoint. */
  private static final String RUN_STATE = "training.json";

  @Parameters(index = "0", paramLabel = "RUN", description = "Folder of the run.")
  private Path run;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      required = true,
      description = "Name of the trained model, as in cdnv2-cifar10: network, dash, data set.")
  private String name;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "Folder for the files, created if it is missing.")
  private Path output;

  @Option(
      names = "--licence",
      paramLabel = "SPDX",
      defaultValue = "Apache-2.0",
      description = "Licence of the weights; ${DEFAULT-VALUE} without it.")
  private String licence;

  @Option(
      names = "--note",
      paramLabel = "TEXT",
      description = "What else to say of where the weights come from.")
  private String note;

  @Option(
      names = "--whole-classifier",
      description = "Leaves CondenseNet's classifier whole, so that its answers stay the same.")
  private boolean wholeClassifier;

  @Mixin private WeightsOption weights;
  @Mixin private DataOptions data;
  @Mixin private PreprocessingOptions preprocessing;
  @Mixin private BatchOption batch;

  private ModelInput trained;
  private int trainingImages;
  private LabeledImages images;
  private RunArguments arguments;

  PackWeightsCommand(Console console) {
    super(console);
  }

  @Override
  void check() {
    if (!name.matches("[a-z0-9_]+-[a-z0-9_]+")) {
      throw new InvalidOptionException(
          "--name", "network and data set in lower case with a dash between", name);
    }
    batch.size();
    weights.kind();
    data.datasets(null);
  }

  @Override
  void prepare() {
    // Not best.zip: an epoch that was chosen by the images that are measured on flatters.
    Path last = run.resolve("last.zip");
    try (ModelFile file = ModelFile.read(last)) {
      trained = ModelInput.of(last, file, weights.kind(), Optional.empty());
      trainingImages =
          JsonValue.parse(file.entry(RUN_STATE), last + ": " + RUN_STATE)
              .get("settings")
              .get("training images")
              .integer();
    }
    arguments = RunArguments.read(run.resolve("args.yaml"));
    images = EvaluateCommand.images(data.datasets(null), trained, preprocessing);
  }

  @Override
  int compute() {
    ModelDescription before = trained.model();
    StateDict full = trained.weights();
    boolean keepsWhole =
        wholeClassifier && before.architecture() instanceof CondenseNetArchitecture;
    ModelDescription after =
        before.as(keepsWhole ? Form.CONDENSED_WHOLE_CLASSIFIER : Form.CONDENSED);
    StateDict condensed = Condenser.condense(before, full, after.form());
    Evaluator evaluator =
        new Evaluator(images, batch.size(), data.loaderThreads(), ModelGraphs.LOGITS);
    EvaluationResult trainedResult =
        evaluator.evaluate(ModelGraphs.build(before, GraphOptions.inference(), full));
    EvaluationResult convertedResult;
    try (CompiledModel compiled = EngineOption.compile(after, condensed)) {
      convertedResult = evaluator.evaluate(batch -> logits(compiled, batch));
    }
    createFolder();
    ModelCard card =
        new ModelCard(
            name,
            name.substring(name.indexOf('-') + 1),
            before,
            String.format(
                Locale.ROOT,
                "trained on %,d images, measured on %,d that training did not see",
                trainingImages,
                convertedResult.images()),
            arguments.commandLine(),
            arguments.recipe(),
            provenance(),
            licence,
            write(TRAINED, trained.metadata(), full, trainedResult),
            write(CONVERTED, trained.metadata().withModel(after), condensed, convertedResult));
    write(PretrainedModel.CARD, card.toJson().pretty());
    write(PAGE, ModelCardPage.of(card));
    console().out().println("packed: " + output + ", " + EvaluationView.line(convertedResult));
    return ExitCode.OK;
  }

  private static float[][] logits(CompiledModel compiled, INDArray images) {
    return new EngineScorer(compiled)
        .logits(images.ravel().toFloatVector(), (int) images.size(0), (int) images.size(2));
  }

  private Map<String, String> provenance() {
    Map<String, String> provenance = new LinkedHashMap<>(trained.metadata().provenance());
    trained.metadata().versions().forEach((program, version) -> provenance.put(program, version));
    provenance.put("checkpoint", "last epoch, " + kindOfWeights());
    if (note != null) {
      provenance.put("note", note);
    }
    return provenance;
  }

  private String kindOfWeights() {
    return switch (trained.kind()) {
      case EMA -> "moving average";
      case RAW -> "weights themselves";
    };
  }

  private CardFile write(
      String file, ModelMetadata metadata, StateDict tensors, EvaluationResult result) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("top1", result.top1());
    metrics.put("top5", result.top5());
    metrics.put("loss", result.loss());
    metrics.put("images", (double) result.images());
    Path path = output.resolve(file);
    ModelStore.save(path, metadata.withMetrics(metrics), tensors, Optional.empty());
    try {
      byte[] bytes = Files.readAllBytes(path);
      return new CardFile(file, bytes.length, Sha256.of(bytes), metrics);
    } catch (IOException e) {
      throw FileProblem.reading(path, e);
    }
  }

  private void write(String file, String text) {
    AtomicFile.write(output.resolve(file), out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  private void createFolder() {
    try {
      Files.createDirectories(output);
    } catch (IOException e) {
      throw FileProblem.writing(output, e);
    }
  }
}
