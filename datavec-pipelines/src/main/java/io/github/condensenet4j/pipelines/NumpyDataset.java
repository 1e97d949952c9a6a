package io.github.condensenet4j.pipelines;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.numpy.NpzFile;
import io.github.condensenet4j.core.tensor.ElementType;
import io.github.condensenet4j.core.tensor.Tensor;
import io.github.condensenet4j.images.Normalization;
import io.github.condensenet4j.images.RgbImage;
import io.github.condensenet4j.pipelines.PadCropFlip.Placement;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Images and labels as two arrays: {@code x} of {@code [N, C, H, W]} and {@code y} of {@code [N]}.
 *
 * <p>8-bit images are scaled to 0…1 and normalised; floating-point ones are taken as they are, so
 * that a run can be given exactly the numbers that another program had.
 */
public final class NumpyDataset implements LabeledImages {

  /** More classes than any label could be meant for; a larger label is damage. */
  private static final int MAX_CLASSES = 1 << 20;

  private final String source;
  private final int[] labels;
  private final List<String> classNames;
  private final int channels;
  private final int height;
  private final int width;
  private final byte[] samples;
  private final float[] floats;
  private final Normalization normalization;

  /**
   * Reads the arrays {@code x} and {@code y} of an {@code .npz} file.
   *
   * @param classes number of classes; if empty, one more than the largest label
   * @throws InvalidFileException if the file is damaged, or shapes, types or labels do not fit
   * @throws InvalidOptionException if the normalisation has another number of channels
   */
  public static NumpyDataset read(Path file, OptionalInt classes, Normalization normalization) {
    Tensor x = NpzFile.read(file, "x");
    Tensor y = NpzFile.read(file, "y");
    long most = Arrays.stream(y.toLongs()).max().orElse(0) + 1;
    int count = classes.orElse((int) Math.max(1, Math.min(most, MAX_CLASSES)));
    return new NumpyDataset(file.toString(), x, y, count, normalization);
  }

  /**
   * Creates a dataset of two arrays.
   *
   * @param source what messages call the arrays' file
   * @param x {@code [N, C, H, W]}, {@code UINT8} or of a floating-point type
   * @param y {@code [N]}, of an integer type
   * @param classes number of classes
   * @param normalization of 8-bit images, with a value for each channel
   * @throws InvalidFileException if shapes, types or labels do not fit
   * @throws InvalidOptionException if the normalisation has another number of channels
   */
  public static NumpyDataset of(
      String source, Tensor x, Tensor y, int classes, Normalization normalization) {
    return new NumpyDataset(source, x, y, classes, normalization);
  }

  private NumpyDataset(
      String source, Tensor x, Tensor y, int classes, Normalization normalization) {
    int[] shape = x.shape();
    if (shape.length != 4 || x.size() == 0) {
      throw new InvalidFileException(
          source,
          "x has shape " + Arrays.toString(shape) + ", [N, C, H, W] expected, none of it 0");
    }
    if (y.shape().length != 1 || y.size() != shape[0]) {
      throw new InvalidFileException(
          source, "y has shape " + Arrays.toString(y.shape()) + ", [" + shape[0] + "] expected");
    }
    if (y.type().isFloat() || y.type() == ElementType.BOOL) {
      throw new InvalidFileException(source, "y is of type " + y.type() + ", integers expected");
    }
    this.source = source;
    this.labels = labels(source, y, classes);
    this.classNames = IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    this.channels = shape[1];
    this.height = shape[2];
    this.width = shape[3];
    this.normalization = normalization;
    if (x.type() == ElementType.UINT8) {
      if (normalization.channels() != channels) {
        throw new InvalidOptionException(
            "number of means",
            "that of the channels of x in " + source + ", " + channels,
            normalization.channels());
      }
      samples = x.toBytes();
      floats = null;
    } else if (x.type().isFloat()) {
      samples = null;
      floats = x.toFloats();
    } else {
      throw new InvalidFileException(
          source, "x is of type " + x.type() + ", 8-bit unsigned integers or floats expected");
    }
  }

  private static int[] labels(String source, Tensor y, int classes) {
    long[] found = y.toLongs();
    int[] labels = new int[found.length];
    for (int i = 0; i < labels.length; i++) {
      if (found[i] < 0 || found[i] >= classes) {
        throw new InvalidFileException(
            source,
            "y[" + i + "] is " + found[i] + ", a class from 0 to " + (classes - 1) + " expected");
      }
      labels[i] = (int) found[i];
    }
    return labels;
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public List<String> classNames() {
    return classNames;
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  @Override
  public String name(int index) {
    return source + ", x[" + index + "]";
  }

  @Override
  public int channels() {
    return channels;
  }

  @Override
  public int height() {
    return height;
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public void read(int index, float[] values, int offset) {
    place(index, Placement.WHOLE, values, offset);
  }

  @Override
  public void readAugmented(
      int index, Augmentation augmentation, RandomStream random, float[] values, int offset) {
    if (augmentation instanceof PadCropFlip padCropFlip) {
      place(index, padCropFlip.draw(random), values, offset);
      return;
    }
    if (samples == null || channels != 3) {
      throw new InvalidOptionException(
          "augmentation",
          "only none or standard, as x in " + source + " does not hold RGB images",
          augmentation);
    }
    RgbImage augmented = augmentation.apply(image(index), random);
    if (augmented.width() != width || augmented.height() != height) {
      throw new InvalidOptionException(
          "size of augmented images", width + "x" + height + " pixels", augmented);
    }
    normalization.apply(augmented, values, offset);
  }

  private void place(int index, Placement placement, float[] values, int offset) {
    int pixels = height * width;
    for (int channel = 0; channel < channels; channel++) {
      int from = (index * channels + channel) * pixels;
      int to = offset + channel * pixels;
      if (samples != null) {
        PlanePlacement.copy(
            samples, from, height, width, placement, normalization.table(channel), values, to);
      } else {
        PlanePlacement.copy(floats, from, height, width, placement, values, to);
      }
    }
  }

  private RgbImage image(int index) {
    int pixels = height * width;
    byte[] interleaved = new byte[3 * pixels];
    for (int channel = 0; channel < 3; channel++) {
      int from = (index * 3 + channel) * pixels;
      for (int pixel = 0; pixel < pixels; pixel++) {
        interleaved[3 * pixel + channel] = samples[from + pixel];
      }
    }
    return new RgbImage(width, height, interleaved);
  }

  @Override
  public Augmentation standardAugmentation() {
    return new PadCropFlip(4);
  }
}
