package io.github.condensenet4j.pipelines;

import io.github.condensenet4j.core.InvalidFileException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Images of one value, their index; augmented, a random number is added to it. Those in a set
 * cannot be read.
 */
record TinyImages(int size, int width, Set<Integer> broken) implements LabeledImages {

  /** So wide that images go to ND4J's memory one by one. */
  static final int WIDE = 20_000;

  TinyImages(int size, Set<Integer> broken) {
    this(size, 2, broken);
  }

  @Override
  public List<String> classNames() {
    return List.of("even", "odd");
  }

  @Override
  public int label(int index) {
    return index % 2;
  }

  @Override
  public String name(int index) {
    return "image " + index;
  }

  @Override
  public int channels() {
    return 1;
  }

  @Override
  public int height() {
    return 1;
  }

  @Override
  public void read(int index, float[] values, int offset) {
    if (broken.contains(index)) {
      throw new InvalidFileException(name(index), "is broken");
    }
    Arrays.fill(values, offset, offset + width, index);
  }

  @Override
  public void readAugmented(
      int index, Augmentation augmentation, RandomStream random, float[] values, int offset) {
    read(index, values, offset);
    values[offset + 1] += (float) random.nextDouble();
  }

  @Override
  public Augmentation standardAugmentation() {
    return new PadCropFlip(4);
  }
}
