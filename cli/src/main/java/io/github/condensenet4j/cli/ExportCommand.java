package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.core.model.CondensedModel;
import io.github.condensenet4j.interchange.onnx.OnnxExporter;
import io.github.condensenet4j.interchange.onnx.OnnxGraph;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Writes a converted model for other programs. */
@Command(
    name = "export",
    description = {
      "Writes a converted model for other programs.",
      "Batch, height and width of the images stay free. Class names and preprocessing go with the"
          + " model."
    })
final class ExportCommand extends SubCommand {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "MODEL",
      description =
          "Converted model file, or converted official checkpoint together with --model; not with"
              + " --pretrained.")
  private Path file;

  @Mixin private PretrainedOption pretrained;

  @Option(
      names = "--format",
      paramLabel = "onnx",
      required = true,
      converter = ExportFormat.Converter.class,
      description = "What to write: onnx for ONNX Runtime and others.")
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
              + " on all inputs with zeros for those that were dropped; auto takes what should be"
              + " faster on ONNX Runtime. ${DEFAULT-VALUE} without it.")
  private OnnxGraph graph;

  @Mixin private WeightsOption weights;

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
    ModelInput input =
        file != null
            ? ModelInput.read(file, weights.kind(), named.model())
            : pretrained.read(Form.CONDENSED, weights.kind(), named.model());
    if (!input.model().form().isCondensed()) {
      throw new InvalidOptionException(
          (file != null ? file : pretrained.name())
              + " holds "
              + input.model().qualifiedName()
              + ", which is not converted; convert it first, 'convert' does that");
    }
    CondensedModel model = new CondensedModel(input.model(), input.weights(), input.metadata());
    switch (format) {
      case ONNX -> OnnxExporter.write(model, graph, output);
    }
    console()
        .out()
        .printf(
            "exported: %s, %s, %s graph%n",
            output,
            input.model().qualifiedName(),
            OnnxExporter.chosen(graph).name().toLowerCase(Locale.ROOT));
    return ExitCode.OK;
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
