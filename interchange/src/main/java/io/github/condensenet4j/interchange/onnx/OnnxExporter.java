package io.github.condensenet4j.interchange.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.io.AtomicFile;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.model.CondensedModel;
import java.nio.file.Path;
import java.util.Map;

/**
 * Writes condensed networks as ONNX models.
 *
 * <p>The input {@code images} is {@code [batch, 3, height, width]} of normalised pixels, the output
 * {@code logits} {@code [batch, classes]}; batch, height and width are free. The model's metadata
 * (class names, preprocessing and what else a model file says of itself) is in the ONNX model's, a
 * JSON text under each of its names.
 */
public final class OnnxExporter {

  // HardSwish came with 14; files with a newer operator set need newer runtimes for nothing.
  private static final int OPERATOR_SET = 14;
  private static final int IR_VERSION = 7;

  private OnnxExporter() {}

  /**
   * Writes {@code model} to {@code file}, which is replaced if there is one.
   *
   * @throws CondenseNetException if the weights are damaged or the file cannot be written
   */
  public static void write(CondensedModel model, OnnxGraph graph, Path file) {
    ModelProto onnx = convert(model, graph);
    AtomicFile.write(file, onnx::writeTo);
  }

  /**
   * Returns the bytes that {@link #write} writes.
   *
   * @throws CondenseNetException if the weights are damaged
   */
  public static byte[] bytes(CondensedModel model, OnnxGraph graph) {
    return convert(model, graph).toByteArray();
  }

  /**
   * Returns the form that is written for {@code graph}. {@link OnnxGraph#AUTO} is {@link
   * OnnxGraph#GROUPED} for every network: the products that the dense form adds cost ONNX Runtime
   * more than the gathers that it saves, in narrow layers about as much.
   */
  public static OnnxGraph chosen(OnnxGraph graph) {
    return graph == OnnxGraph.AUTO ? OnnxGraph.GROUPED : graph;
  }

  private static ModelProto convert(CondensedModel model, OnnxGraph graph) {
    ModelProto.Builder onnx =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPERATOR_SET))
            .setProducerName("condensenet4j")
            .setGraph(NetworkGraph.of(model, chosen(graph) == OnnxGraph.DENSE));
    for (Map.Entry<String, Object> member : model.metadata().toJson().entrySet()) {
      onnx.addMetadataProps(
          StringStringEntryProto.newBuilder()
              .setKey(member.getKey())
              .setValue(JsonValue.of(member.getValue()).toString()));
    }
    return onnx.build();
  }
}
