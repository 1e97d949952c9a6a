package io.github.condensenet4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.model.ModelFile;
import io.github.condensenet4j.pipelines.AugmentationSplits;
import io.github.condensenet4j.pipelines.Mixup;
import io.github.condensenet4j.pipelines.RandomErasing;
import io.github.condensenet4j.pipelines.augment.ColorJitter;
import io.github.condensenet4j.training.log.StepRecord;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Training on images that are mixed, erased, or there in several versions. */
class ChangedImagesTest {

  @TempDir private Path folder;

  private static TrainingData data(Mixup mixup, RandomErasing erasing, AugmentationSplits splits) {
    TrainingData plain = TinyRun.data(true);
    return new TrainingData(
        plain.training(),
        plain.augmentation(),
        mixup,
        erasing,
        splits,
        plain.shuffled(),
        plain.validation(),
        plain.preprocessing(),
        plain.readerThreads());
  }

  @Test
  void learnsFromSeveralVersionsOfAnImageInAnyNumberOfParts() {
    TrainingData split =
        data(
            Mixup.NONE,
            new RandomErasing(0.5, RandomErasing.Fill.PIXEL, 1),
            new AugmentationSplits(3, new ColorJitter(0.4), false, true));
    TrainingOptions options = TinyRun.options().epochs(2).gradAccum(2).build();

    TrainingResult result = new Trainer(TinyRun.model(), split, options, folder).run();

    assertThat(result.finished()).isTrue();
    assertThat(result.epochs().get(1).trainLoss()).isPositive().isFinite();
  }

  @ParameterizedTest
  @CsvSource({"1, true", "2, false"})
  void continuesToTheSameBitsWithNormsApart(int workers, boolean compares) {
    TrainingData split =
        data(
            Mixup.NONE,
            RandomErasing.NONE,
            new AugmentationSplits(2, new ColorJitter(0.4), true, compares));
    TrainingOptions.Builder options = TinyRun.options().epochs(2).workers(workers).splitNorms(true);
    Path uninterrupted = folder.resolve("whole");
    new Trainer(TinyRun.model(), split, options.build(), uninterrupted).run();
    Path run = folder.resolve("run");
    Trainer first = new Trainer(TinyRun.model(), split, options.build(), run);
    first.progress(
        new TrainingProgress() {
          @Override
          public void step(StepRecord step, double imagesPerSecond) {
            if (step.step() == 2) {
              first.stop();
            }
          }
        });
    assertThat(first.run().finished()).isFalse();

    options.existingRun(ExistingRun.RESUME);
    assertThat(new Trainer(TinyRun.model(), split, options.build(), run).run().finished()).isTrue();

    TrainerTest.assertSameBits(run.resolve("last.zip"), uninterrupted.resolve("last.zip"));
    try (ModelFile one = ModelFile.read(run.resolve("last.zip"));
        ModelFile two = ModelFile.read(uninterrupted.resolve("last.zip"))) {
      assertThat(one.entry(ModelFile.SPLIT_NORMS)).isEqualTo(two.entry(ModelFile.SPLIT_NORMS));
    }
    options.splitNorms(false);
    assertThatThrownBy(() -> new Trainer(TinyRun.model(), split, options.build(), run).run())
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("split-bn was true and is not set");
  }

  @Test
  void learnsFromMixedAndErasedImagesAndRefusesToGoOnWithOthers() {
    TrainingData plain = TinyRun.data(true);
    TrainingData changed =
        data(
            new Mixup(0.2, 0),
            new RandomErasing(0.5, RandomErasing.Fill.PIXEL, 2),
            AugmentationSplits.NONE);
    TrainingOptions.Builder once = TinyRun.options().epochs(2);
    Trainer trainer = new Trainer(TinyRun.model(), changed, once.build(), folder);

    assertThat(trainer.run().finished()).isTrue();
    once.existingRun(ExistingRun.RESUME);
    assertThatThrownBy(() -> new Trainer(TinyRun.model(), plain, once.build(), folder).run())
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("mixup was Mixup[alpha=0.2, offEpoch=0] and is Mixup[alpha=0.0")
        .hasMessageContaining("erasing was");
  }
}
