package io.github.condensenet4j.benchmarks;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.model.CondensedModel;
import io.github.condensenet4j.interchange.onnx.OnnxExporter;
import io.github.condensenet4j.interchange.onnx.OnnxGraph;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;

/** ONNX Runtime on one graph of the network. */
final class OnnxContender implements Contender {

  private final OrtSession session;
  private final OnnxTensor input;

  /**
   * What is set at ONNX Runtime; all else is as usual.
   *
   * @param threads how many work on a call
   * @param level how far ONNX Runtime rewrites the graph
   * @param spins whether threads that wait for work keep their processor, which is fastest where
   *     nobody else wants it
   */
  record Settings(int threads, OptLevel level, boolean spins) {}

  OnnxContender(
      CondensedModel model, OnnxGraph graph, Settings settings, float[] images, int count) {
    OrtEnvironment runtime = OrtEnvironment.getEnvironment();
    int size = model.description().architecture().imageSize();
    // Native memory, so that no call copies the images.
    FloatBuffer pixels =
        ByteBuffer.allocateDirect(Math.multiplyExact(images.length, Float.BYTES))
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer()
            .put(images)
            .rewind();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(settings.threads());
      options.addConfigEntry("session.intra_op.allow_spinning", settings.spins() ? "1" : "0");
      options.setInterOpNumThreads(1);
      options.setOptimizationLevel(settings.level());
      session = runtime.createSession(OnnxExporter.of(model).graph(graph).bytes(), options);
      input = OnnxTensor.createTensor(runtime, pixels, new long[] {count, 3, size, size});
    } catch (OrtException e) {
      throw failed(e);
    }
  }

  @Override
  public double millis(int calls) {
    return Side.timed(calls, this::run);
  }

  private void run() {
    try (OrtSession.Result result = session.run(Map.of("images", input))) {
      if (result.size() != 1) {
        throw new IllegalStateException("one output expected, found " + result.size());
      }
    } catch (OrtException e) {
      throw failed(e);
    }
  }

  @Override
  public float[] logits() {
    try (OrtSession.Result result = session.run(Map.of("images", input))) {
      FloatBuffer found = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] logits = new float[found.remaining()];
      found.get(logits);
      return logits;
    } catch (OrtException e) {
      throw failed(e);
    }
  }

  @Override
  public void close() {
    input.close();
    try {
      session.close();
    } catch (OrtException e) {
      throw failed(e);
    }
  }

  private static CondenseNetException failed(OrtException e) {
    return new CondenseNetException("ONNX Runtime failed: " + e.getMessage(), e);
  }
}
