package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.architecture.Architecture;
import io.github.condensenet4j.pipelines.LabeledImages;

/** Whether images and a network go together. */
final class DataFit {

  private DataFit() {}

  /**
   * Refuses images of another size or with other classes than {@code network} takes.
   *
   * @throws InvalidOptionException saying both numbers
   */
  static void check(LabeledImages images, Architecture network) {
    int size = network.imageSize();
    if (images.channels() != 3 || images.height() != size || images.width() != size) {
      throw new InvalidOptionException(
          "the network takes images of 3x"
              + size
              + "x"
              + size
              + ", those of the data are "
              + images.channels()
              + "x"
              + images.height()
              + "x"
              + images.width()
              + "; --image-size sets the network's");
    }
    int classes = images.classNames().size();
    if (classes != network.numClasses()) {
      throw new InvalidOptionException(
          "the network has "
              + network.numClasses()
              + " classes, the data "
              + classes
              + "; --num-classes sets the network's");
    }
  }
}
