package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.io.FileProblem;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.model.ModelMetadata;
import io.github.condensenet4j.core.model.WeightsKind;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.zoo.ModelStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a model file of an official checkpoint. */
@Command(
    name = "import",
    description = {
      "Makes a model file of an official PyTorch checkpoint, trained or converted, or of its"
          + " tensors in a safetensors file or a numpy archive.",
      "Nothing in the checkpoint is run. Both its weights and their moving average are kept."
    })
final class ImportCommand extends NumericCommand {

  @Parameters(
      index = "0",
      paramLabel = "CHECKPOINT",
      description = "File that torch.save wrote, gzip'd or not; or .safetensors, or .npz.")
  private Path checkpointFile;

  @Option(
      names = "--output",
      paramLabel = "MODEL",
      required = true,
      description = "Model file to write.")
  private Path output;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description = "Text file with the name of a class a line, in the order of the outputs.")
  private Path labels;

  @Mixin private WeightsOption weights;
  @Mixin private PreprocessingOptions preprocessing;
  @Mixin private FormatOption format;

  private NamedModelOptions named;

  ImportCommand(Console console) {
    super(console);
  }

  @Override
  void declare(CommandSpec command) {
    named = new NamedModelOptions(command);
  }

  @Override
  void check() {
    weights.kind();
    network();
    ModelInput.requireOther(checkpointFile, output);
  }

  private ModelDescription network() {
    return named
        .model()
        .orElseThrow(
            () ->
                new InvalidOptionException(
                    "--model is missing; a checkpoint does not say its network, 'models' lists"
                        + " them"));
  }

  @Override
  int compute() {
    ForeignWeights foreign = ForeignWeights.read(checkpointFile);
    WeightsKind first = weights.kind().orElse(WeightsKind.RAW);
    StateDict official = foreign.weights(first);
    ModelDescription model = ModelInput.formed(checkpointFile, network(), official);
    Optional<StateDict> ema =
        weights.kind().isEmpty() && foreign.hasEma()
            ? Optional.of(ModelInput.adopt(checkpointFile, model, foreign.weights(WeightsKind.EMA)))
            : Optional.empty();
    ModelStore.save(
        output, metadata(model), ModelInput.adopt(checkpointFile, model, official), ema);
    print(model, ema.isPresent());
    return ExitCode.OK;
  }

  private ModelMetadata metadata(ModelDescription model) {
    Map<String, String> provenance = new LinkedHashMap<>();
    provenance.put("importedFrom", checkpointFile.getFileName().toString());
    weights.kind().ifPresent(kind -> provenance.put("weights", kind.name()));
    ModelMetadata metadata =
        ModelMetadata.of(model, preprocessing.over(ModelInput.usualPreprocessing(model)))
            .withVersions(Version.all())
            .withProvenance(provenance);
    return labels == null ? metadata : metadata.withClassNames(names(model));
  }

  private List<String> names(ModelDescription model) {
    List<String> names;
    try {
      names =
          Files.readAllLines(labels, StandardCharsets.UTF_8).stream()
              .map(String::strip)
              .filter(line -> !line.isEmpty())
              .toList();
    } catch (IOException e) {
      throw FileProblem.reading(labels, e);
    }
    int classes = model.architecture().numClasses();
    if (names.size() != classes) {
      throw new InvalidFileException(
          labels,
          "holds " + names.size() + " names, one for each of " + classes + " classes expected");
    }
    return names;
  }

  private void print(ModelDescription model, boolean hasEma) {
    if (format.isJson()) {
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("output", output.toString());
      facts.put("name", model.qualifiedName());
      facts.put("ema", hasEma);
      console().out().print(JsonValue.of(facts).pretty());
      return;
    }
    console()
        .out()
        .println(
            output
                + ": "
                + model.qualifiedName()
                + (hasEma ? " with its moving average" : " without a moving average"));
  }
}
