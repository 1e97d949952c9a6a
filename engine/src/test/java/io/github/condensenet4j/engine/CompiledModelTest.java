package io.github.condensenet4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.condensenet4j.core.architecture.Form;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.tensor.StateDict;
import io.github.condensenet4j.kernels.KernelProvider;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompiledModelTest {

  /**
   * Names cover every kind of block; knobs and sizes cover what no published network has: other
   * strides, odd and oblong images, groups that are no factors, a single block, no hidden layer.
   */
  @ParameterizedTest(name = "{0} {1} on {2}×{3}")
  @CsvSource({
    "cdnv2_a, '', 64, 64",
    "cdnv2_b, '', 96, 64",
    "cdnv2_c, '', 50, 47",
    "cdnv2_110, '', 32, 32",
    "condensenet_50, '', 32, 32",
    "condensenet_74_g4, '', 40, 72",
    "cdnv2, 'hs-start-block=0 se-start-block=0', 32, 32",
    "cdnv2, 'hs-start-block=9 se-start-block=9 fc-channel=0', 29, 31",
    "cdnv2, 'stages=2-1 growth=6-12 group-1x1=3 group-3x3=6 group-trans=2 condense-factor=2"
        + " trans-factor=6', 17, 16",
    "cdnv2, 'stages=1 growth=8 init-stride=3', 20, 22",
    "cdnv2, 'stages=2 growth=4 init-stride=5', 41, 5",
    "condensenet, 'stages=1-1 growth=8-8 group-1x1=1 group-3x3=1 condense-factor=1', 3, 4",
    "condensenet, 'growth=12-24-48', 4, 4"
  })
  void equalsTheOfficialFormulas(String name, String knobs, int height, int width) {
    ModelDescription model =
        RandomModels.describe(name, knobs.isEmpty() ? new String[0] : knobs.split(" +"));
    StateDict weights = RandomModels.weights(model, 7);
    float[] images = RandomModels.images(2, height, width, 8);
    PlainForward plain = new PlainForward(model, weights);
    int length = 3 * height * width;
    int classes = model.architecture().numClasses();

    float[] logits;
    try (CompiledModel compiled =
        CompiledModel.compile(
            model, weights, EngineOptions.defaults().withoutWarmUp().withThreads(2))) {
      logits = compiled.logits(images, height, width);
      for (int image = 0; image < 2; image++) {
        float[] one = Arrays.copyOfRange(images, image * length, (image + 1) * length);
        Parity.assertClose(
            Arrays.copyOfRange(logits, image * classes, (image + 1) * classes),
            plain.logits(one, height, width));
        assertThat(compiled.logits(one, height, width))
            .as("one image on all threads gives the same bits as one a thread")
            .isEqualTo(Arrays.copyOfRange(logits, image * classes, (image + 1) * classes));
      }
    }
  }

  @Test
  void keepsWholeClassifiers() {
    ModelDescription model =
        RandomModels.describe("condensenet").as(Form.CONDENSED_WHOLE_CLASSIFIER);
    StateDict weights = RandomModels.weights(model, 1);
    float[] image = RandomModels.images(1, 32, 32, 2);
    try (CompiledModel compiled =
        CompiledModel.compile(model, weights, EngineOptions.defaults().withoutWarmUp())) {
      Parity.assertClose(
          compiled.logits(image), new PlainForward(model, weights).logits(image, 32, 32));
    }
  }

  @Test
  void plainLoopsGiveTheSameBits() {
    ModelDescription model = RandomModels.describe("cdnv2");
    StateDict weights = RandomModels.weights(model, 1);
    float[] images = RandomModels.images(3, 32, 32, 2);
    try (CompiledModel fast =
            CompiledModel.compile(model, weights, EngineOptions.defaults().withoutWarmUp());
        CompiledModel slow =
            CompiledModel.compile(model, weights, new EngineOptions(2, KernelProvider.plain()))) {
      assertThat(fast.logits(images)).isEqualTo(slow.logits(images));
    }
  }

  @ParameterizedTest(name = "{0} images")
  @CsvSource({"1", "2", "3", "5", "16", "17", "32", "33", "70"})
  void everyBatchOnEveryNumberOfThreadsGivesTheSameBits(int count) {
    ModelDescription model = RandomModels.describe("cdnv2", "stages=1-2-1");
    StateDict weights = RandomModels.weights(model, 1);
    float[] images = RandomModels.images(count, 32, 32, 2);
    float[] expected = new float[count * 10];
    try (CompiledModel alone =
        CompiledModel.compile(
            model, weights, EngineOptions.defaults().withoutWarmUp().withThreads(1))) {
      for (int i = 0; i < count; i++) {
        alone.logits(images, i * 3072, 1, 32, 32, expected, i * 10);
      }
      assertThat(alone.logits(images)).isEqualTo(expected);
    }
    for (int threads = 2; threads <= 5; threads++) {
      try (CompiledModel model2 =
          CompiledModel.compile(
              model, weights, EngineOptions.defaults().withoutWarmUp().withThreads(threads))) {
        assertThat(model2.logits(images)).as("%d threads", threads).isEqualTo(expected);
      }
    }
  }

  @Test
  void probabilitiesAddUpToOneAndOrderClassesAsLogitsDo() {
    ModelDescription model = RandomModels.describe("cdnv2", "stages=1-1-1");
    float[] image = RandomModels.images(1, 32, 32, 2);
    try (CompiledModel compiled =
        CompiledModel.compile(
            model, RandomModels.weights(model, 1), EngineOptions.defaults().withoutWarmUp())) {
      float[] logits = compiled.logits(image);
      float[] probabilities = compiled.predict(image);
      double sum = 0;
      for (int c = 0; c < logits.length; c++) {
        sum += probabilities[c];
        assertThat(Math.log(probabilities[c] / probabilities[0]))
            .isCloseTo(logits[c] - logits[0], within(1e-4));
      }
      assertThat(sum).isCloseTo(1, within(1e-6));
    }
  }

  @Test
  void profilesEveryLayerOnce() {
    ModelDescription model = RandomModels.describe("cdnv2", "stages=1-2-1");
    try (CompiledModel compiled =
        CompiledModel.compile(
            model, RandomModels.weights(model, 1), EngineOptions.defaults().withoutWarmUp())) {
      for (int images : new int[] {1, 3}) {
        List<LayerTime> times =
            compiled.profile(RandomModels.images(images, 32, 32, 2), 32, 32, 0.01);

        assertThat(times).allSatisfy(time -> assertThat(time.nanos()).isPositive());
        assertThat(times)
            .filteredOn(time -> time.operation() == LayerTime.Operation.LEARNED)
            .extracting(LayerTime::layer)
            .containsExactly(
                "denseblock_1.denselayer_1",
                "denseblock_2.denselayer_1",
                "denseblock_2.denselayer_2",
                "denseblock_3.denselayer_1");
        // 16 channels of 3x3x3 for each of 32x32 pixels.
        assertThat(times)
            .filteredOn(time -> time.operation() == LayerTime.Operation.STEM)
            .extracting(LayerTime::multiplyAdds)
            .containsExactly(16L * 27 * 32 * 32);
      }
    }
  }
}
