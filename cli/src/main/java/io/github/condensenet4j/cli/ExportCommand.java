package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.architecture.CondenseNetArchitecture;
import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.core.architecture.OfficialStateDict;
import io.github.condensenet4j.core.model.WeightsKind;
import io.github.condensenet4j.core.numpy.NpzFile;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.interchange.onnx.OnnxExporter;
import io.github.condensenet4j.interchange.onnx.OnnxGraph;
import io.github.condensenet4j.interchange.pytorch.CheckpointWriter;
import io.github.condensenet4j.interchange.safetensors.SafetensorsFile;
import io.github.condensenet4j.zoo.SameDiffExporter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Writes a model for other programs. */
@Command(
    name = "export",
    description = {
      "Writes a model for other programs.",
      "onnx: a model, converted or not; batch, height and width of the images stay free, class"
          + " names and preprocessing go with it. samediff: the same for ND4J, without those.",
      "pytorch: a checkpoint that the official code loads, converted or not, with the averaged"
          + " weights beside the raw ones and, of a run with sgd, the optimiser's state."
          + " safetensors, npz: one set of weights by its official names."
    })
final class ExportCommand extends SubCommand {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "MODEL",
      description =
          "Model file, or official checkpoint together with --model; not with --pretrained.")
  private Path file;

  @Mixin private PretrainedOption pretrained;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      required = true,
      converter = ExportFormat.Converter.class,
      description =
          "What to write: onnx for ONNX Runtime and others, pytorch, safetensors, npz or samediff.")
  private ExportFormat format;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      required = true,
      description = "File to write; one that is there is replaced.")
  private Path output;

  @Option(
      names = "--graph",
      paramLabel = "grouped|dense|auto",
      defaultValue = "auto",
      converter = GraphConverter.class,
      description =
          "How ONNX computes learned convolutions: on the inputs that each group kept, gathered, or"
              + " on all inputs with zeros for those that were dropped, as a model that is not"
              + " converted always is; auto takes what should be faster on ONNX Runtime."
              + " ${DEFAULT-VALUE} without it.")
  private OnnxGraph graph;

  @Option(
      names = "--softmax",
      description = "Has ONNX answer with probabilities in the place of logits.")
  private boolean softmax;

  @Option(
      names = "--converted",
      negatable = true,
      description =
          "With --pretrained, writes the converted model, or the one before conversion; without it"
              + " the former for onnx and samediff, the latter for all else.")
  private Boolean converted;

  @Mixin private WeightsOption weights;

  @Spec private CommandSpec spec;

  private NamedModelOptions named;

  ExportCommand(Console console) {
    super(console);
  }

  @Override
  void declare(CommandSpec command) {
    named = new NamedModelOptions(command);
  }

  @Override
  public Integer call() {
    if ((file == null) != pretrained.isGiven()) {
      throw new InvalidOptionException(
          file == null
              ? "the model is missing; name its file, or a trained model with --pretrained"
              : "give MODEL or --pretrained, not both");
    }
    if (softmax && format != ExportFormat.ONNX) {
      throw new InvalidOptionException("--softmax is for --format onnx alone");
    }
    if (format == ExportFormat.SAMEDIFF) {
      OptionalInt exitCode =
          new Surroundings(BackendChoice.CPU, OptionalInt.empty()).runElsewhere(spec);
      if (exitCode.isPresent()) {
        return exitCode.getAsInt();
      }
    }
    ModelInput input = read(weights.kind());
    switch (format) {
      case ONNX -> writeOnnx(input);
      case SAMEDIFF -> writeSameDiff(input);
      case PYTORCH, SAFETENSORS, NPZ -> writeWeights(input);
    }
    return ExitCode.OK;
  }

  private ModelInput read(Optional<WeightsKind> kind) {
    boolean runs = format == ExportFormat.ONNX || format == ExportFormat.SAMEDIFF;
    boolean isConverted = converted == null ? runs : converted;
    return file != null
        ? ModelInput.read(file, kind, named.model())
        : pretrained.read(isConverted ? Form.CONDENSED : Form.TRAINABLE, kind, named.model());
  }

  private void writeOnnx(ModelInput input) {
    if (!input.model().form().isCondensed() && graph == OnnxGraph.GROUPED) {
      throw new InvalidOptionException(
          "--graph grouped needs a converted model, and "
              + (file != null ? file : pretrained.name())
              + " holds "
              + input.model().qualifiedName()
              + "; convert it first, 'convert' does that");
    }
    OnnxExporter exporter =
        OnnxExporter.of(input.model(), input.weights(), input.metadata())
            .graph(graph)
            .softmax(softmax);
    exporter.write(output);
    tell(input, exporter.chosenGraph().name().toLowerCase(Locale.ROOT) + " graph");
  }

  private void writeSameDiff(ModelInput input) {
    SameDiffExporter.write(input.model(), input.weights(), output);
    tell(input, "inference graph");
  }

  private void writeWeights(ModelInput input) {
    boolean hasBoth = weights.kind().isEmpty() && input.kind() == WeightsKind.EMA;
    StateDict chosen = official(input);
    switch (format) {
      case PYTORCH -> {
        StateDict raw = hasBoth ? official(read(Optional.of(WeightsKind.RAW))) : chosen;
        CheckpointWriter writer =
            CheckpointWriter.of(input.model().qualifiedName(), raw).prefix(prefix(input));
        if (hasBoth) {
          writer.ema(chosen);
        }
        if (file != null && !input.isImported()) {
          SavedRun.addTo(writer, file, input.model());
        }
        writer.write(output);
      }
      case SAFETENSORS ->
          new SafetensorsFile(
                  Map.of("format", "pt", "model", input.model().qualifiedName()), chosen)
              .write(output);
      case NPZ -> NpzFile.write(output, chosen.asMap());
      case ONNX, SAMEDIFF -> throw new AssertionError(format);
    }
    boolean both = hasBoth && format == ExportFormat.PYTORCH;
    tell(
        input,
        both
            ? "raw and averaged weights"
            : input.kind() == WeightsKind.EMA ? "averaged weights" : "raw weights");
  }

  private static StateDict official(ModelInput input) {
    return OfficialStateDict.export(input.model(), input.weights());
  }

  /** CondenseNet's code loads into a network that is wrapped for parallel training. */
  private static String prefix(ModelInput input) {
    return input.model().architecture() instanceof CondenseNetArchitecture ? "module." : "";
  }

  private void tell(ModelInput input, String what) {
    console().out().printf("exported: %s, %s, %s%n", output, input.model().qualifiedName(), what);
  }

  /** Reads {@code grouped}, {@code dense} and {@code auto}. */
  static final class GraphConverter implements ITypeConverter<OnnxGraph> {
    @Override
    public OnnxGraph convert(String word) {
      return switch (word) {
        case "grouped" -> OnnxGraph.GROUPED;
        case "dense" -> OnnxGraph.DENSE;
        case "auto" -> OnnxGraph.AUTO;
        default ->
            throw new TypeConversionException("is " + word + ", grouped, dense or auto expected");
      };
    }
  }
}
