package io.github.condensenet4j.training;

import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.architecture.Knob;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.preprocessing.Preprocessing;
import io.github.condensenet4j.core.tensor.ElementType;
import io.github.condensenet4j.core.tensor.Tensor;
import io.github.condensenet4j.images.Normalization;
import io.github.condensenet4j.pipelines.LabeledImages;
import io.github.condensenet4j.pipelines.NumpyDataset;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** A run small enough for a test: eight-pixel images of noise whose brightness tells the class. */
final class TinyRun {

  static final int CLASSES = 3;
  static final int SIDE = 8;

  private TinyRun() {}

  /** Returns a network with every kind of layer, and dropout. */
  static ModelDescription model() {
    return ArchitectureRegistry.describe(
        "cdnv2",
        Map.ofEntries(
            Map.entry(Knob.STAGES, "2-1"),
            Map.entry(Knob.GROWTH, "4-8"),
            Map.entry(Knob.BOTTLENECK, "2"),
            Map.entry(Knob.GROUP_1X1, "4"),
            Map.entry(Knob.GROUP_3X3, "4"),
            Map.entry(Knob.GROUP_TRANS, "4"),
            Map.entry(Knob.CONDENSE_FACTOR, "4"),
            Map.entry(Knob.TRANS_FACTOR, "4"),
            Map.entry(Knob.HS_START_BLOCK, "1"),
            Map.entry(Knob.SE_START_BLOCK, "1"),
            Map.entry(Knob.LAST_SE_REDUCTION, "4"),
            Map.entry(Knob.FC_CHANNEL, "8"),
            Map.entry(Knob.DROP_RATE, "0.1"),
            Map.entry(Knob.NUM_CLASSES, String.valueOf(CLASSES)),
            Map.entry(Knob.IMAGE_SIZE, String.valueOf(SIDE))));
  }

  static LabeledImages images(int count, long seed) {
    Random random = new Random(seed);
    byte[] pixels = new byte[count * 3 * SIDE * SIDE];
    long[] labels = new long[count];
    int perImage = 3 * SIDE * SIDE;
    for (int i = 0; i < pixels.length; i++) {
      int label = i / perImage % CLASSES;
      labels[i / perImage] = label;
      pixels[i] = (byte) (random.nextInt(128) + 60 * label);
    }
    return NumpyDataset.of(
        "made-up images",
        Tensor.ofBytes(ElementType.UINT8, pixels, count, 3, SIDE, SIDE),
        Tensor.ofLongs(labels, count),
        CLASSES,
        Normalization.of(Preprocessing.CIFAR10_MEAN, Preprocessing.CIFAR10_STD));
  }

  static Preprocessing preprocessing() {
    return Preprocessing.cifar10(SIDE);
  }

  static TrainingData data(boolean validated) {
    LabeledImages images = images(50, 1);
    return new TrainingData(
        images,
        images.standardAugmentation(),
        true,
        validated ? Optional.of(images(21, 2)) : Optional.empty(),
        preprocessing(),
        2);
  }

  static TrainingOptions.Builder options() {
    return TrainingOptions.builder()
        .epochs(3)
        .batchSize(12)
        .lr(0.1)
        .warmupLr(0.02)
        .warmupEpochs(1)
        .seed(7)
        .logSteps(true);
  }

  static Trainer trainer(TrainingOptions.Builder options, Path folder) {
    return new Trainer(model(), data(true), options.build(), folder);
  }
}
