package io.github.condensenet4j.interchange.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.FileWriteException;
import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.core.architecture.Knob;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.architecture.OfficialStateDict;
import io.github.condensenet4j.core.model.CondensedModel;
import io.github.condensenet4j.core.model.ModelMetadata;
import io.github.condensenet4j.core.model.WeightsKind;
import io.github.condensenet4j.core.preprocessing.Preprocessing;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.core.tensor.Tensor;
import io.github.condensenet4j.fixtures.Reference;
import io.github.condensenet4j.interchange.pytorch.PyTorchCheckpoint;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The files themselves; that runtimes answer right with them is tested beside the engine. */
class OnnxExporterTest {

  private static final String INDEX = "features.denseblock_1.denselayer_1.conv_1.index";

  @TempDir private Path folder;

  private static CondensedModel model(Map<String, Tensor> changes) {
    StateDict official =
        PyTorchCheckpoint.read(Reference.of("conversion/v1cifar_g4c8_converted.pth.tar"))
            .stateDict(WeightsKind.RAW);
    ModelDescription model =
        ArchitectureRegistry.describe(
                "condensenet",
                Map.of(
                    Knob.STAGES, "2-2-2",
                    Knob.GROWTH, "8-16-32",
                    Knob.GROUP_1X1, "4",
                    Knob.CONDENSE_FACTOR, "8"))
            .as(Form.CONDENSED);
    Map<String, Tensor> tensors =
        new LinkedHashMap<>(OfficialStateDict.adopt(model, official).asMap());
    tensors.putAll(changes);
    return new CondensedModel(
        model, StateDict.of(tensors), ModelMetadata.of(model, Preprocessing.cifar10(32)));
  }

  @ParameterizedTest
  @EnumSource(OnnxGraph.class)
  void namesEveryValueOnceAndBeforeItsUse(OnnxGraph graph) throws IOException {
    ModelProto onnx = ModelProto.parseFrom(OnnxExporter.of(model(Map.of())).graph(graph).bytes());
    Set<String> known = new HashSet<>(Set.of("images"));
    for (TensorProto constant : onnx.getGraph().getInitializerList()) {
      assertThat(known.add(constant.getName())).as(constant.getName()).isTrue();
      long elements = constant.getDimsList().stream().reduce(1L, (some, length) -> some * length);
      int each = constant.getDataType() == TensorProto.DataType.INT64.getNumber() ? 8 : 4;
      assertThat(constant.getRawData().size()).isEqualTo(each * elements);
    }
    for (NodeProto node : onnx.getGraph().getNodeList()) {
      assertThat(known).containsAll(node.getInputList());
      assertThat(known.add(node.getOutput(0))).as(node.getName()).isTrue();
    }
    assertThat(known).contains("logits");
    assertThat(onnx.getOpsetImport(0).getVersion()).isGreaterThanOrEqualTo(13);
  }

  @Test
  void keepsDroppedConnectionsAsZeros() throws InvalidProtocolBufferException {
    float kept = shareOfNumbers(OnnxGraph.DENSE);

    // Of 8 connections one is left. Weights that are zero by themselves are too few to count.
    assertThat(kept).isBetween(0.12f, 0.125f);
    assertThat(shareOfNumbers(OnnxGraph.GROUPED)).isGreaterThan(0.96f);
  }

  /** Returns the share of weights of the first learned convolution that are not zero. */
  private static float shareOfNumbers(OnnxGraph graph) throws InvalidProtocolBufferException {
    TensorProto weight =
        ModelProto.parseFrom(OnnxExporter.of(model(Map.of())).graph(graph).bytes())
            .getGraph()
            .getInitializerList()
            .stream()
            .filter(tensor -> tensor.getName().equals(INDEX.replace("index", "conv.weight")))
            .findFirst()
            .orElseThrow();
    FloatBuffer values =
        weight.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    int count = 0;
    for (int i = 0; i < values.limit(); i++) {
      count += values.get(i) == 0 ? 0 : 1;
    }
    return (float) count / values.limit();
  }

  @ParameterizedTest
  @EnumSource(OnnxGraph.class)
  void refusesChannelsThatAreNotThere(OnnxGraph graph) {
    int length = model(Map.of()).weights().get(INDEX).size();
    long[] damaged = new long[length];
    damaged[length - 1] = 16;
    CondensedModel model = model(Map.of(INDEX, Tensor.ofLongs(damaged, length)));

    assertThatExceptionOfType(CondenseNetException.class)
        .isThrownBy(() -> OnnxExporter.of(model).graph(graph).bytes())
        .withMessageContaining(INDEX + " holds 16, channels from 0 to 15 expected");
  }

  @Test
  void writesTheSameBytesAgain() throws IOException {
    Path file = folder.resolve("model.onnx");
    Files.writeString(file, "older");

    OnnxExporter.of(model(Map.of())).graph(OnnxGraph.AUTO).write(file);

    assertThat(file)
        .hasBinaryContent(OnnxExporter.of(model(Map.of())).graph(OnnxGraph.AUTO).bytes());
  }

  @Test
  void saysWhyItCannotWrite() {
    Path file = folder.resolve("nowhere").resolve("model.onnx");

    assertThatExceptionOfType(FileWriteException.class)
        .isThrownBy(() -> OnnxExporter.of(model(Map.of())).graph(OnnxGraph.AUTO).write(file))
        .withMessageContaining("nowhere");
  }
}
