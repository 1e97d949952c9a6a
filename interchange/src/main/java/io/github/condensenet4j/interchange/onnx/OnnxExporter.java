package io.github.condensenet4j.interchange.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.architecture.StateDictLayout;
import io.github.condensenet4j.core.io.AtomicFile;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.model.CondensedModel;
import io.github.condensenet4j.core.model.ModelMetadata;
import io.github.condensenet4j.core.tensor.StateDict;
import java.nio.file.Path;
import java.util.Map;

/**
 * Writes networks, condensed or not, as ONNX models.
 *
 * <p>The input {@code images} is {@code [batch, 3, height, width]} of normalised pixels, the output
 * {@code logits}, or {@code probabilities}, {@code [batch, classes]}; batch, height and width are
 * free. The model's metadata (class names, preprocessing and what else a model file says of itself)
 * is in the ONNX model's, a JSON text under each of its names.
 */
public final class OnnxExporter {

  // HardSwish came with 14; files with a newer operator set need newer runtimes for nothing.
  private static final int OPERATOR_SET = 14;
  private static final int IR_VERSION = 7;

  private final ModelDescription model;
  private final StateDict weights;
  private final ModelMetadata metadata;
  private OnnxGraph graph = OnnxGraph.AUTO;
  private boolean softmax;

  private OnnxExporter(ModelDescription model, StateDict weights, ModelMetadata metadata) {
    this.model = model;
    this.weights = weights;
    this.metadata = metadata;
  }

  /** Starts the export of a condensed network. */
  public static OnnxExporter of(CondensedModel model) {
    return new OnnxExporter(model.description(), model.weights(), model.metadata());
  }

  /**
   * Starts the export of a network in any form.
   *
   * @throws io.github.condensenet4j.core.CondenseNetException if the weights are not exactly those
   *     of the network
   */
  public static OnnxExporter of(ModelDescription model, StateDict weights, ModelMetadata metadata) {
    StateDictLayout.check(model, weights);
    return new OnnxExporter(model, weights, metadata);
  }

  /**
   * Sets how learned connections are laid down; {@link OnnxGraph#AUTO} unless set. The graph of a
   * network that is not condensed is dense whatever is set, its dropped connections zeros.
   */
  public OnnxExporter graph(OnnxGraph newGraph) {
    graph = newGraph;
    return this;
  }

  /** Sets whether the output is probabilities instead of logits; it is not unless set. */
  public OnnxExporter softmax(boolean newSoftmax) {
    softmax = newSoftmax;
    return this;
  }

  /**
   * Returns the form that is written. {@link OnnxGraph#AUTO} is {@link OnnxGraph#GROUPED} for every
   * condensed network: the products that the dense form adds cost ONNX Runtime more than the
   * gathers that it saves, in narrow layers about as much.
   */
  public OnnxGraph chosenGraph() {
    if (!model.form().isCondensed()) {
      return OnnxGraph.DENSE;
    }
    return graph == OnnxGraph.AUTO ? OnnxGraph.GROUPED : graph;
  }

  /**
   * Writes the model to {@code file}, which is replaced if there is one.
   *
   * @throws io.github.condensenet4j.core.CondenseNetException if the weights are damaged or the
   *     file cannot be written
   */
  public void write(Path file) {
    ModelProto onnx = convert();
    AtomicFile.write(file, onnx::writeTo);
  }

  /**
   * Returns the bytes that {@link #write} writes.
   *
   * @throws io.github.condensenet4j.core.CondenseNetException if the weights are damaged
   */
  public byte[] bytes() {
    return convert().toByteArray();
  }

  private ModelProto convert() {
    ModelProto.Builder onnx =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPERATOR_SET))
            .setProducerName("condensenet4j")
            .setGraph(NetworkGraph.of(model, weights, chosenGraph() == OnnxGraph.DENSE, softmax));
    for (Map.Entry<String, Object> member : metadata.toJson().entrySet()) {
      onnx.addMetadataProps(
          StringStringEntryProto.newBuilder()
              .setKey(member.getKey())
              .setValue(JsonValue.of(member.getValue()).toString()));
    }
    return onnx.build();
  }
}
