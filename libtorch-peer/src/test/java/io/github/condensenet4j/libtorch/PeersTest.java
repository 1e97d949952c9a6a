package io.github.condensenet4j.libtorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.core.architecture.Knob;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.model.CondensedModel;
import io.github.condensenet4j.core.model.RandomModel;
import io.github.condensenet4j.core.numpy.NpzFile;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.core.tensor.Tensor;
import io.github.condensenet4j.engine.CompiledModel;
import io.github.condensenet4j.peer.Peer;
import io.github.condensenet4j.peer.PeerTask;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** That every way to compute computes the same; how fast is the benchmark's question. */
class PeersTest {

  private static final int BATCH = 3;

  // Single-precision sums in another order.
  private static final double ROUNDING = 1e-3;

  @TempDir private Path folder;

  @BeforeAll
  static void needsLibtorch() {
    boolean isThere;
    try {
      Torch.load();
      isThere = true;
    } catch (UnsatisfiedLinkError e) {
      isThere = false;
    }
    assumeTrue(isThere, "libtorch is not published for this platform");
  }

  @ParameterizedTest
  @EnumSource(Variant.class)
  void everyVariantAnswersAsTheEngine(Variant variant) {
    for (ModelDescription model :
        List.of(
            ArchitectureRegistry.describe("cdnv2", Map.of(Knob.STAGES, "2-2-2")),
            ArchitectureRegistry.describe("condensenet", Map.of(Knob.STAGES, "2-2-2")),
            ArchitectureRegistry.describe(
                "cdnv2_a", Map.of(Knob.IMAGE_SIZE, "64", Knob.STAGES, "1-1-1-1-1")))) {
      CondensedModel condensed = RandomModel.condensed(model);
      PeerTask task =
          task(PeerTask.Kind.INFERENCE, condensed.description(), condensed.weights(), variant);
      float[] expected;
      try (CompiledModel compiled = CompiledModel.compile(condensed)) {
        expected = compiled.logits(task.readImages().toFloats());
      }
      try (Peer peer = new InferencePeer(task)) {
        assertThat(peer.answer()).containsExactly(expected, within((float) ROUNDING));
        peer.run();
        assertThat(peer.answer()).containsExactly(expected, within((float) ROUNDING));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cdnv2", "condensenet"})
  void trainingLosesTheSameInBothLayoutsAndLearns(String name) {
    ModelDescription model = ArchitectureRegistry.describe(name, Map.of(Knob.STAGES, "2-2-2"));
    List<List<Float>> losses = new ArrayList<>();
    for (Variant variant : List.of(Variant.DENSE, Variant.DENSE_NHWC)) {
      List<Float> ofVariant = new ArrayList<>();
      try (Peer peer =
          new TrainingPeer(
              task(
                  PeerTask.Kind.TRAINING,
                  model.as(Form.TRAINABLE),
                  RandomModel.trainable(model),
                  variant))) {
        for (int step = 0; step < 10; step++) {
          ofVariant.add(peer.answer()[0]);
        }
      }
      losses.add(ofVariant);
    }
    assertThat(losses.get(0).get(9)).isLessThan(losses.get(0).get(0));
    for (int step = 0; step < 10; step++) {
      assertThat(losses.get(1).get(step))
          .isCloseTo(losses.get(0).get(step), within((float) ROUNDING));
    }
  }

  private PeerTask task(
      PeerTask.Kind kind, ModelDescription model, StateDict weights, Variant variant) {
    int size = model.architecture().imageSize();
    Random random = new Random(2);
    float[] images = new float[BATCH * 3 * size * size];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextGaussian();
    }
    Path weightsFile = folder.resolve("weights.npz");
    Path batchFile = folder.resolve("batch.npz");
    NpzFile.write(weightsFile, weights.asMap());
    PeerTask.writeBatch(
        batchFile,
        Tensor.ofFloats(images, BATCH, 3, size, size),
        Tensor.ofLongs(new long[] {1, 0, 2}, BATCH));
    return new PeerTask(kind, model, weightsFile, batchFile, 1, variant.toString());
  }
}
