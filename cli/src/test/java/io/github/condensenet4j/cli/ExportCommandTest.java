package io.github.condensenet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import io.github.condensenet4j.core.model.ModelFile;
import io.github.condensenet4j.core.model.WeightsKind;
import io.github.condensenet4j.fixtures.Reference;
import io.github.condensenet4j.interchange.pytorch.PyTorchCheckpoint;
import io.github.condensenet4j.interchange.pytorch.PythonValue.Dictionary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExportCommandTest {

  private static final String KNOBS =
      "--model condensenet --stages 2-2-2 --growth 8-16-32 --group-1x1 4 --condense-factor 8";

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"grouped, true", "dense, false"})
  void writesTheGraphThatIsAskedFor(String graph, boolean gathers) throws IOException {
    ModelProto onnx = export("--graph " + graph);

    assertThat(onnx.getGraph().getNodeList())
        .extracting(NodeProto::getOpType)
        .contains("Conv")
        .satisfies(operators -> assertThat(operators.contains("Gather")).isEqualTo(gathers));
    assertThat(onnx.getMetadataPropsList())
        .extracting(StringStringEntryProto::getKey)
        .contains("model", "classNames", "preprocessing");
  }

  @Test
  void leavesBatchAndSizeFree() throws IOException {
    assertThat(export("").getGraph().getInput(0).getType().getTensorType().getShape().getDimList())
        .extracting(dimension -> dimension.hasDimParam() ? dimension.getDimParam() : "fixed")
        .isEqualTo(List.of("batch", "fixed", "height", "width"));
  }

  @ParameterizedTest
  @CsvSource({"'', logits, Gemm", "--softmax, probabilities, Softmax"})
  void writesModelsThatAreNotConvertedToo(String options, String output, String last)
      throws IOException {
    ModelProto onnx = export("v1cifar_g4c8_unconverted.pth.tar", "condensenet", options);

    assertThat(onnx.getGraph().getOutput(0).getName()).isEqualTo(output);
    List<NodeProto> nodes = onnx.getGraph().getNodeList();
    assertThat(nodes.get(nodes.size() - 1).getOpType()).isEqualTo(last);
  }

  private ModelProto export(String options) throws IOException {
    return export("v1cifar_g4c8_converted.pth.tar", "converted_condensenet", options);
  }

  private ModelProto export(String checkpoint, String model, String options) throws IOException {
    Path output = folder.resolve("model.onnx");

    Run run = run(checkpoint, model, output, options);

    assertThat(run.log()).isEmpty();
    assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(run.out()).startsWith("exported: " + output).hasLineCount(1);
    return ModelProto.parseFrom(Files.readAllBytes(output));
  }

  @ParameterizedTest
  @CsvSource({
    "pytorch, v1cifar_g4c8_unconverted.pth.tar, condensenet",
    "pytorch, v1cifar_g4c8_converted.pth.tar, converted_condensenet",
    "safetensors, v1cifar_g4c8_converted.pth.tar, converted_condensenet",
    "npz, v1cifar_g4c8_unconverted.pth.tar, condensenet"
  })
  void writesTensorsThatImportReadsBackToTheBit(String format, String checkpoint, String model) {
    Path written = folder.resolve("tensors");
    Path official = Reference.of("conversion/" + checkpoint);

    Run export =
        runTensors("export " + official + " --format " + format + " --output " + written, model);
    Run first = runTensors("import " + official + " --output " + folder.resolve("a.zip"), model);
    Run second = runTensors("import " + written + " --output " + folder.resolve("b.zip"), model);

    assertThat(export.out())
        .isEqualToIgnoringNewLines("exported: " + written + ", " + model + ", raw weights");
    assertThat(first.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(second.log()).isEmpty();
    try (ModelFile a = ModelFile.read(folder.resolve("a.zip"));
        ModelFile b = ModelFile.read(folder.resolve("b.zip"))) {
      assertThat(b.weights(WeightsKind.RAW)).isEqualTo(a.weights(WeightsKind.RAW));
    }
  }

  @Test
  void writesTheNamesThatTheOfficialCondenseNetLoads() {
    Path written = folder.resolve("v1.pth.tar");
    Path official = Reference.of("conversion/v1cifar_g4c8_unconverted.pth.tar");

    runTensors("export " + official + " --format pytorch --output " + written, "condensenet");

    Dictionary weights =
        (Dictionary) PyTorchCheckpoint.read(written).root().find("state_dict").orElseThrow();
    assertThat(weights.entries().keySet())
        .allSatisfy(name -> assertThat(name.toString()).startsWith("module."));
  }

  private static Run runTensors(String line, String model) {
    return Run.of((line + " " + KNOBS.replace("condensenet", model)).split(" +"));
  }

  @Test
  void refusesToGroupAModelThatIsNotConverted() {
    Path output = folder.resolve("model.onnx");

    Run run = run("v1cifar_g4c8_unconverted.pth.tar", "condensenet", output, "--graph grouped");

    assertThat(run.exitCode()).isEqualTo(ExitCode.WRONG_USAGE);
    assertThat(run.log()).contains("--graph grouped needs a converted model").hasLineCount(1);
    assertThat(output).doesNotExist();
  }

  private static Run run(String checkpoint, String model, Path output, String options) {
    String line =
        "export %s --format onnx --output %s %s %s"
            .formatted(
                Reference.of("conversion/" + checkpoint),
                output,
                KNOBS.replace("condensenet", model),
                options);
    return Run.of(line.strip().split(" +"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          export m.zip --format onnx                                | --output is missing
          export m.zip --output m.onnx                              | --format is missing
          export m.zip --output m.onnx --format tflite              | --format is tflite, onnx, pytorch
          export m.zip --output m.onnx --format onnx --graph sparse | --graph is sparse, grouped
          """)
  void answersWrongUsageWithOneLineThatHelps(String line, String sentence) {
    Run run = Run.of(line.split(" +"));

    assertThat(run.exitCode()).isEqualTo(ExitCode.WRONG_USAGE);
    assertThat(run.log()).contains(sentence).hasLineCount(1);
  }
}
