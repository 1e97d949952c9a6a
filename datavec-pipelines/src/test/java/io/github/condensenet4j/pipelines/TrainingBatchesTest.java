package io.github.condensenet4j.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.condensenet4j.core.CondenseNetException;
import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.fixtures.Reference;
import io.github.condensenet4j.images.Normalization;
import io.github.condensenet4j.images.RgbImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

class TrainingBatchesTest {

  private static final Augmentation SOME = new PadCropFlip(1);

  @Test
  void givesFeaturesAndOneHotLabels() {
    try (TrainingBatches batches =
        TrainingBatches.of(new TinyImages(5, Set.of())).batchSize(2).shuffled(false).build()) {
      DataSet batch = batches.next();
      assertThat(batch.getFeatures().shape()).containsExactly(2, 1, 1, 2);
      assertThat(batch.getFeatures().data().asFloat()).containsExactly(0, 0, 1, 1);
      assertThat(batch.getLabels().toFloatMatrix()).isDeepEqualTo(new float[][] {{1, 0}, {0, 1}});
    }
  }

  @Test
  void putsAllVersionsOfAnImageNextToEachOther() {
    Augmentation darker =
        (image, random) -> {
          byte[] samples = image.samples().clone();
          samples[0] = (byte) random.nextInt(256);
          return new RgbImage(image.width(), image.height(), samples);
        };
    Path sample = Reference.repository().resolve("examples/cifar10-sample");
    LabeledImages images =
        CifarDataset.train(
            sample,
            CifarFormat.CIFAR10,
            Normalization.of(List.of(0.5, 0.5, 0.5), List.of(0.25, 0.25, 0.25)));
    AugmentationSplits splits = new AugmentationSplits(3, darker, false, true);
    TrainingBatches.Builder plain =
        TrainingBatches.of(images).batchSize(4).seed(2).augmentation(new PadCropFlip(4));
    float[] common;
    try (TrainingBatches batches = plain.build()) {
      common = batches.next().getFeatures().data().asFloat();
    }
    List<float[]> ofThreads = new ArrayList<>();
    for (int threads = 1; threads <= 3; threads++) {
      try (TrainingBatches batches =
          TrainingBatches.of(images)
              .batchSize(4)
              .seed(2)
              .augmentation(new PadCropFlip(4))
              .erasing(new RandomErasing(1, RandomErasing.Fill.CONST, 1))
              .splits(splits)
              .threads(threads)
              .build()) {
        DataSet batch = batches.next();
        assertThat(batch.getFeatures().shape()).containsExactly(12, 3, 32, 32);
        float[][] labels = batch.getLabels().toFloatMatrix();
        float[] values = batch.getFeatures().data().asFloat();
        int length = images.values();
        for (int i = 0; i < 4; i++) {
          assertThat(labels[3 * i + 1]).isEqualTo(labels[3 * i]);
          assertThat(labels[3 * i + 2]).isEqualTo(labels[3 * i]);
          float[] clean = Arrays.copyOfRange(values, 3 * i * length, (3 * i + 1) * length);
          assertThat(clean).isEqualTo(Arrays.copyOfRange(common, i * length, (i + 1) * length));
          float[] second = Arrays.copyOfRange(values, (3 * i + 1) * length, (3 * i + 2) * length);
          float[] third = Arrays.copyOfRange(values, (3 * i + 2) * length, (3 * i + 3) * length);
          assertThat(second).isNotEqualTo(clean).isNotEqualTo(third);
        }
        ofThreads.add(values);
        List<AugmentedSample> samples = batches.samples(4);
        assertThat(samples).hasSize(12);
        assertThat(samples.get(4).operations()).contains("version 2 of 3");
        assertThat(samples.get(4).values())
            .isEqualTo(Arrays.copyOfRange(values, 4 * length, 5 * length));
      }
    }
    assertThat(ofThreads.get(1)).isEqualTo(ofThreads.get(0));
    assertThat(ofThreads.get(2)).isEqualTo(ofThreads.get(0));
  }

  @Test
  void leavesTheLastPartialBatchOfAPassOver() {
    try (TrainingBatches batches =
        TrainingBatches.of(new TinyImages(5, Set.of())).batchSize(2).shuffled(false).build()) {
      assertThat(batches.batchesPerPass()).isEqualTo(2);
      assertThat(indices(batches, 3)).containsExactly(List.of(0, 1), List.of(2, 3), List.of(0, 1));
    }
  }

  @Test
  void meetsEveryImageOnceAPassInAnOrderOfItsOwn() {
    try (TrainingBatches batches =
        TrainingBatches.of(new TinyImages(100, Set.of())).batchSize(10).seed(3).build()) {
      List<Integer> first = flat(indices(batches, 10));
      List<Integer> second = flat(indices(batches, 10));
      List<Integer> all = IntStream.range(0, 100).boxed().toList();
      assertThat(first).containsExactlyInAnyOrderElementsOf(all).isNotEqualTo(all);
      assertThat(second).containsExactlyInAnyOrderElementsOf(all).isNotEqualTo(first);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, TinyImages.WIDE})
  void continuesAnywhereWithTheSameBitsOnAnyNumberOfThreads(int width) {
    List<float[]> straight;
    try (TrainingBatches batches = augmented(width, 1, Set.of(7, 8))) {
      straight = features(batches, 25);
    }
    for (int threads = 1; threads <= 4; threads++) {
      for (int step : new int[] {0, 1, 9, 10, 17}) {
        try (TrainingBatches batches = augmented(width, threads, Set.of(7, 8))) {
          batches.next();
          batches.seek(step);
          assertThat(batches.position()).isEqualTo(step);
          List<float[]> continued = features(batches, 25 - step);
          for (int i = 0; i < continued.size(); i++) {
            assertThat(continued.get(i)).isEqualTo(straight.get(step + i));
          }
        }
      }
    }
  }

  @Test
  void imagesThatGoToMemoryOneByOneAreTheSame() {
    try (TrainingBatches small = augmented(2, 2, Set.of(7, 8));
        TrainingBatches large = augmented(TinyImages.WIDE, 2, Set.of(7, 8))) {
      List<float[]> expected = features(small, 5);
      List<float[]> found = features(large, 5);
      for (int batch = 0; batch < 5; batch++) {
        for (int image = 0; image < 4; image++) {
          int from = image * TinyImages.WIDE;
          assertThat(Arrays.copyOfRange(found.get(batch), from, from + 2))
              .isEqualTo(Arrays.copyOfRange(expected.get(batch), 2 * image, 2 * image + 2));
        }
      }
    }
  }

  private static TrainingBatches augmented(int width, int threads, Set<Integer> broken) {
    return TrainingBatches.of(new TinyImages(43, width, broken))
        .batchSize(4)
        .seed(11)
        .augmentation(SOME)
        .threads(threads)
        .build();
  }

  /** What the device makes of grey levels is what the reading threads would have made. */
  @ParameterizedTest
  @CsvSource({"0, 0, CONST, 1", "1, 0, PIXEL, 1", "0.7, 0.4, RAND, 1", "0.5, 0, PIXEL, 3"})
  void givesTheSameBatchesByWayOfGreyLevels(
      double probability, double mixup, RandomErasing.Fill fill, int versions) {
    LabeledImages images =
        CifarDataset.train(
            Reference.repository().resolve("examples/cifar10-sample"),
            CifarFormat.CIFAR10,
            Normalization.of(List.of(0.49, 0.48, 0.45), List.of(0.25, 0.24, 0.26)));
    TrainingBatches.Builder builder =
        TrainingBatches.of(images)
            .batchSize(5)
            .seed(4)
            .augmentation(images.standardAugmentation())
            .erasing(new RandomErasing(probability, fill, 2))
            .mixup(new Mixup(mixup, 0))
            .splits(
                versions == 1
                    ? AugmentationSplits.NONE
                    : new AugmentationSplits(versions, SOME, false, false));
    try (TrainingBatches floats = builder.build();
        TrainingBatches bytes = builder.greyLevels(true).threads(2).build()) {
      for (int step = 0; step < 6; step++) {
        DataSet expected = floats.next();
        DataSet found = bytes.next();
        assertThat(found.getFeatures().dataType()).isEqualTo(DataType.FLOAT);
        assertThat(found.getFeatures().shape()).isEqualTo(expected.getFeatures().shape());
        // Sums of two products are rounded once where the compiler fuses them.
        assertThat(found.getFeatures().dup('c').data().asFloat())
            .containsExactly(
                expected.getFeatures().data().asFloat(), within(mixup > 0 ? 1e-6f : 0));
        assertThat(found.getLabels()).isEqualTo(expected.getLabels());
        assertThat(found.getExampleMetaData()).isEqualTo(expected.getExampleMetaData());
      }
    }
  }

  @Test
  void writesLaterBatchesIntoRecycledOnesAndNoOthers() {
    List<float[]> fresh;
    try (TrainingBatches batches = augmented(2, 1, Set.of())) {
      fresh = features(batches, 12);
    }
    try (TrainingBatches batches = augmented(2, 2, Set.of())) {
      Set<Long> addresses = new HashSet<>();
      List<DataSet> kept = new ArrayList<>();
      for (int step = 0; step < 12; step++) {
        DataSet batch = batches.next();
        assertThat(batch.getFeatures().data().asFloat()).isEqualTo(fresh.get(step));
        addresses.add(batch.getFeatures().data().address());
        if (step % 4 == 0) {
          kept.add(batch);
        } else {
          batches.recycle(batch);
        }
      }
      assertThat(addresses).hasSizeLessThan(12);
      for (int i = 0; i < kept.size(); i++) {
        assertThat(kept.get(i).getFeatures().data().asFloat()).isEqualTo(fresh.get(4 * i));
      }
    }
  }

  @Test
  void changesAnImageDifferentlyInEachPass() {
    try (TrainingBatches batches =
        TrainingBatches.of(new TinyImages(1, Set.of())).batchSize(1).augmentation(SOME).build()) {
      List<float[]> passes = features(batches, 20);
      assertThat(passes.stream().map(values -> values[1]).collect(Collectors.toSet())).hasSize(20);
    }
  }

  @Test
  void fillsThePlaceOfAnUnreadableImageWithTheNextReadableOne() {
    try (TrainingBatches batches =
        TrainingBatches.of(new TinyImages(6, Set.of(1, 2, 5)))
            .batchSize(3)
            .shuffled(false)
            .build()) {
      assertThat(indices(batches, 2)).containsExactly(List.of(0, 3, 3), List.of(3, 4, 0));
      assertThat(batches.unreadable()).containsExactly(1, 2, 5);
    }
  }

  @Test
  void saysSoWhenNoImageCanBeRead() {
    try (TrainingBatches batches =
        TrainingBatches.of(new TinyImages(2, Set.of(0, 1))).batchSize(1).build()) {
      assertThatThrownBy(batches::next)
          .isInstanceOf(InvalidFileException.class)
          .hasMessage("image 0: none of the 2 images can be read");
    }
  }

  @Test
  void endsEpochsForLoopsThatAskWhileTheStreamGoesOn() {
    try (TrainingBatches batches =
        TrainingBatches.of(new TinyImages(4, Set.of()))
            .batchSize(2)
            .batchesPerEpoch(3)
            .shuffled(false)
            .build()) {
      List<Integer> seen = new ArrayList<>();
      for (int epoch = 0; epoch < 2; epoch++) {
        batches.reset();
        while (batches.hasNext()) {
          seen.add((int) batches.next().getFeatures().getDouble(0));
        }
      }
      assertThat(seen).containsExactly(0, 2, 0, 2, 0, 2);
      batches.next();
      assertThat(batches.hasNext()).isTrue();
      batches.reset();
      assertThat(batches.position()).isEqualTo(6);
    }
  }

  @Test
  void keepsItsArraysOutOfTheCallersWorkspace() {
    try (TrainingBatches batches =
            TrainingBatches.of(new TinyImages(8, Set.of())).batchSize(2).build();
        MemoryWorkspace workspace =
            Nd4j.getWorkspaceManager()
                .getAndActivateWorkspace(
                    WorkspaceConfiguration.builder().initialSize(1 << 20).build(), "CALLER")) {
      assertThat(workspace.isScopeActive()).isTrue();
      for (int i = 0; i < 4; i++) {
        DataSet batch = batches.next();
        assertThat(batch.getFeatures().isAttached()).isFalse();
        assertThat(batch.getLabels().isAttached()).isFalse();
      }
    }
  }

  @Test
  void stopsItsThreadsWhenClosed() throws InterruptedException {
    Set<Thread> before = readers();
    TrainingBatches batches =
        TrainingBatches.of(new TinyImages(8, Set.of())).batchSize(2).threads(3).build();
    batches.next();
    batches.close();
    Set<Thread> leftOver = readers();
    leftOver.removeAll(before);
    for (Thread thread : leftOver) {
      // An executor has ended when its threads have nothing left to do, a moment before they end.
      thread.join(TimeUnit.SECONDS.toMillis(10));
      assertThat(thread.isAlive()).isFalse();
    }
    assertThatThrownBy(batches::next).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void endsTheWaitOfItsConsumerWhenClosed() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    Augmentation stuck =
        (image, random) -> {
          reading.countDown();
          LockSupport.park();
          return image;
        };
    Path sample = Reference.repository().resolve("examples/cifar10-sample");
    Normalization plain = Normalization.of(List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));
    TrainingBatches batches =
        TrainingBatches.of(CifarDataset.train(sample, CifarFormat.CIFAR10, plain))
            .augmentation(stuck)
            .build();
    FutureTask<DataSet> waiting = new FutureTask<>(batches::next);
    Thread consumer = new Thread(waiting);
    consumer.start();
    reading.await();
    batches.close();
    assertThatThrownBy(() -> waiting.get(10, TimeUnit.SECONDS))
        .hasCauseInstanceOf(CondenseNetException.class);
    consumer.join();
  }

  private static Set<Thread> readers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.isAlive() && thread.getName().startsWith("image-reader-"))
        .collect(Collectors.toSet());
  }

  @Test
  void refusesNumbersThatFitNoBatch() {
    LabeledImages images = new TinyImages(4, Set.of());
    assertThatThrownBy(() -> TrainingBatches.of(images).batchSize(5).build())
        .isInstanceOf(InvalidOptionException.class)
        .hasMessage("batch size is 5, at most the number of training images, 4 expected");
    assertThatThrownBy(() -> TrainingBatches.of(images).batchSize(0).build())
        .isInstanceOf(InvalidOptionException.class);
    assertThatThrownBy(() -> TrainingBatches.of(images).batchSize(2).threads(0).build())
        .isInstanceOf(InvalidOptionException.class);
    assertThatThrownBy(() -> TrainingBatches.of(images).batchSize(2).batchesPerEpoch(-1).build())
        .isInstanceOf(InvalidOptionException.class);
  }

  private static List<List<Integer>> indices(TrainingBatches batches, int count) {
    return features(batches, count).stream()
        .map(
            values ->
                IntStream.range(0, values.length / 2).mapToObj(i -> (int) values[2 * i]).toList())
        .toList();
  }

  private static List<Integer> flat(List<List<Integer>> batches) {
    return batches.stream().flatMap(List::stream).toList();
  }

  private static List<float[]> features(TrainingBatches batches, int count) {
    List<float[]> features = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      features.add(batches.next().getFeatures().dup().data().asFloat());
    }
    return features;
  }
}
