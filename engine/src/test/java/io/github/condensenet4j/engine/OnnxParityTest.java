package io.github.condensenet4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.architecture.CondenseNetV2Architecture;
import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.condensation.Condenser;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.model.CondensedModel;
import io.github.condensenet4j.core.model.ModelMetadata;
import io.github.condensenet4j.core.model.RandomModel;
import io.github.condensenet4j.core.preprocessing.Preprocessing;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.interchange.onnx.OnnxExporter;
import io.github.condensenet4j.interchange.onnx.OnnxGraph;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Exported networks answer on ONNX Runtime what the engine and the official models answer. */
class OnnxParityTest {

  private static final OrtEnvironment RUNTIME = OrtEnvironment.getEnvironment();

  @ParameterizedTest(name = "{0} {1} as {4}, {3}x{3} images, {2} at once")
  @CsvSource({
    "cdnv2, stages=1-2-2, 1, 32, GROUPED",
    "cdnv2, stages=1-2-2, 5, 32, GROUPED",
    "cdnv2, stages=1-2-2, 1, 32, DENSE",
    "cdnv2, stages=1-2-2, 5, 32, DENSE",
    "cdnv2, stages=1-1-1 fc-channel=0 hs-start-block=0 se-start-block=0, 2, 21, AUTO",
    "condensenet, stages=2-2-2, 1, 32, GROUPED",
    "condensenet, stages=2-2-2, 5, 32, GROUPED",
    "condensenet, stages=2-2-2, 1, 32, DENSE",
    "condensenet, stages=2-2-2, 5, 32, DENSE",
    "condensenet, stages=1-1-1 group-1x1=1 group-3x3=1, 2, 45, AUTO",
    "cdnv2_a, image-size=64, 1, 64, GROUPED",
    "cdnv2_a, image-size=64, 5, 64, DENSE",
    "cdnv2_a, image-size=224, 2, 96, DENSE"
  })
  void answersAsTheEngine(String name, String knobs, int count, int size, OnnxGraph graph)
      throws OrtException {
    // Each copy of an input has a normalisation of its own, as if trained after conversion.
    ModelDescription model = RandomModels.describe(name, knobs.split(" "));
    assertAnswersAsTheEngine(model, RandomModels.weights(model, 3), count, size, graph);
  }

  @ParameterizedTest
  @EnumSource(OnnxGraph.class)
  void answersWithTheWholeClassifier(OnnxGraph graph) throws OrtException {
    ModelDescription model =
        RandomModels.describe("condensenet", "stages=1-1-1").as(Form.CONDENSED_WHOLE_CLASSIFIER);
    assertAnswersAsTheEngine(model, RandomModels.weights(model, 4), 2, 32, graph);
  }

  private static void assertAnswersAsTheEngine(
      ModelDescription model, StateDict weights, int count, int size, OnnxGraph graph)
      throws OrtException {
    float[] images = RandomModels.images(count, size, size, 5);
    try (CompiledModel compiled =
            CompiledModel.compile(
                model, weights, EngineOptions.defaults().withoutWarmUp().withThreads(1));
        OrtSession session = session(model, weights, graph)) {
      float[] expected = compiled.logits(images, size, size);
      Parity.assertClose(
          logits(session, images, count, size),
          IntStream.range(0, expected.length).mapToDouble(i -> expected[i]).toArray());
    }
  }

  @ParameterizedTest(name = "{0} as {1}")
  @CsvSource({
    "manifest_v1.json, GROUPED",
    "manifest_v1.json, DENSE",
    "manifest_v2.json, GROUPED",
    "manifest_v2.json, DENSE"
  })
  void answersAsTheOfficialConvertedModels(String manifest, OnnxGraph graph) throws OrtException {
    for (ConvertedReference reference : ConvertedReference.of(manifest)) {
      try (OrtSession session = session(reference.model(), reference.weights(), graph)) {
        int count = reference.images().size(0);
        Parity.assertClose(
            logits(session, reference.images().toFloats(), count, reference.images().size(2)),
            reference.logits().toDoubles());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"condensenet_86, 32", "cdnv2_110, 32", "cdnv2_a, 96"})
  void answersWithNetworksThatAreNotConverted(String name, int size) throws OrtException {
    ModelDescription model = ArchitectureRegistry.describe(name);
    StateDict trained = Condenser.complete(model, RandomModel.trainable(model));
    // The halved classifier would answer otherwise.
    Form form =
        model.architecture() instanceof CondenseNetV2Architecture
            ? Form.CONDENSED
            : Form.CONDENSED_WHOLE_CLASSIFIER;
    ModelDescription condensed = model.as(form);
    float[] images = RandomModels.images(2, size, size, 5);
    OnnxExporter exporter =
        OnnxExporter.of(model, trained, ModelMetadata.of(model, Preprocessing.cifar10(size)));
    try (CompiledModel compiled =
            CompiledModel.compile(
                condensed,
                Condenser.condense(model, trained, form),
                EngineOptions.defaults().withoutWarmUp().withThreads(1));
        OrtSession session = session(exporter.bytes());
        OrtSession softmax = session(exporter.softmax(true).bytes())) {
      float[] expected = compiled.logits(images, size, size);
      double[] probabilities = softmax(expected, model.architecture().numClasses());
      Parity.assertClose(
          logits(session, images, 2, size),
          IntStream.range(0, expected.length).mapToDouble(i -> expected[i]).toArray());
      Parity.assertClose(logits(softmax, images, 2, size), probabilities);
      assertThat(softmax.getOutputNames()).containsExactly("probabilities");
    }
  }

  private static double[] softmax(float[] logits, int classes) {
    double[] probabilities = new double[logits.length];
    for (int from = 0; from < logits.length; from += classes) {
      double sum = 0;
      for (int c = from; c < from + classes; c++) {
        probabilities[c] = Math.exp(logits[c] - logits[from]);
        sum += probabilities[c];
      }
      for (int c = from; c < from + classes; c++) {
        probabilities[c] /= sum;
      }
    }
    return probabilities;
  }

  @Test
  void carriesClassNamesAndPreprocessing() throws OrtException {
    ModelDescription model = RandomModels.describe("cdnv2", "stages=1-1-1", "num-classes=2");
    ModelMetadata metadata =
        ModelMetadata.of(model, Preprocessing.cifar10(32)).withClassNames(List.of("cat", "größer"));
    CondensedModel condensed = new CondensedModel(model, RandomModels.weights(model, 1), metadata);
    try (OrtSession session = session(OnnxExporter.of(condensed).graph(OnnxGraph.AUTO).bytes())) {
      Map<String, String> found = session.getMetadata().getCustomMetadata();

      assertThat(found).containsKeys("model", "classNames", "preprocessing");
      assertThat(JsonValue.parse(found.get("classNames"), "classNames").texts())
          .containsExactly("cat", "größer");
      assertThat(JsonValue.parse(found.get("preprocessing"), "preprocessing").get("mean").numbers())
          .containsExactly(0.4914, 0.4824, 0.4467);
    }
  }

  private static OrtSession session(ModelDescription model, StateDict weights, OnnxGraph graph)
      throws OrtException {
    ModelMetadata metadata = ModelMetadata.of(model, Preprocessing.cifar10(32));
    return session(
        OnnxExporter.of(new CondensedModel(model, weights, metadata)).graph(graph).bytes());
  }

  private static OrtSession session(byte[] onnx) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      return RUNTIME.createSession(onnx, options);
    }
  }

  private static float[] logits(OrtSession session, float[] images, int count, int size)
      throws OrtException {
    long[] shape = {count, 3, size, size};
    try (OnnxTensor input = OnnxTensor.createTensor(RUNTIME, FloatBuffer.wrap(images), shape);
        OrtSession.Result result = session.run(Map.of("images", input))) {
      FloatBuffer found = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] logits = new float[found.remaining()];
      found.get(logits);
      return logits;
    }
  }
}
