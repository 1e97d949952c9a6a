package io.github.condensenet4j.training;

import io.github.condensenet4j.core.preprocessing.Preprocessing;
import io.github.condensenet4j.pipelines.Augmentation;
import io.github.condensenet4j.pipelines.AugmentationSplits;
import io.github.condensenet4j.pipelines.LabeledImages;
import io.github.condensenet4j.pipelines.Mixup;
import io.github.condensenet4j.pipelines.RandomErasing;
import java.util.Optional;

/**
 * What a run learns from and is judged by.
 *
 * @param training images to learn from
 * @param augmentation how they are changed each time
 * @param mixup how the images of a batch are mixed
 * @param erasing what is erased of images after that
 * @param splits versions of an image in a batch
 * @param shuffled whether each pass has an order of its own
 * @param validation images to be judged by, if there are any
 * @param preprocessing how a picture is brought to the network, for its file
 * @param readerThreads threads that read ahead; results do not depend on their number
 */
public record TrainingData(
    LabeledImages training,
    Augmentation augmentation,
    Mixup mixup,
    RandomErasing erasing,
    AugmentationSplits splits,
    boolean shuffled,
    Optional<LabeledImages> validation,
    Preprocessing preprocessing,
    int readerThreads) {

  /** Images that are neither mixed nor erased. */
  public TrainingData(
      LabeledImages training,
      Augmentation augmentation,
      boolean shuffled,
      Optional<LabeledImages> validation,
      Preprocessing preprocessing,
      int readerThreads) {
    this(
        training,
        augmentation,
        Mixup.NONE,
        RandomErasing.NONE,
        AugmentationSplits.NONE,
        shuffled,
        validation,
        preprocessing,
        readerThreads);
  }
}
