package io.github.condensenet4j.pipelines;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.images.Normalization;
import io.github.condensenet4j.images.RgbImage;
import io.github.condensenet4j.pipelines.PadCropFlip.Placement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * CIFAR-10 or CIFAR-100 in its official binary layout, held in memory.
 *
 * <p>Every label is checked when the files are opened, so that a batch cannot fail later.
 */
public final class CifarDataset implements LabeledImages {

  private static final int PIXELS = CifarFormat.SIDE * CifarFormat.SIDE;

  private final CifarFormat format;
  private final List<String> classNames;
  private final Normalization normalization;
  private final List<Path> files;
  private final byte[][] records;
  private final int[] firstIndices;
  private final int size;

  private CifarDataset(
      CifarFormat format, List<String> classNames, Normalization normalization, List<Path> files) {
    if (normalization.channels() != 3) {
      throw new InvalidOptionException(
          "number of means", "3, one for each of red, green and blue", normalization.channels());
    }
    this.format = format;
    this.classNames = classNames;
    this.normalization = normalization;
    this.files = files;
    this.records = new byte[files.size()][];
    this.firstIndices = new int[files.size()];
    int images = 0;
    for (int file = 0; file < records.length; file++) {
      records[file] = read(files.get(file), format);
      firstIndices[file] = images;
      images += records[file].length / format.recordBytes();
    }
    this.size = images;
  }

  /**
   * Opens the training images in {@code folder}: the folder with the binary files, or the one above
   * it, or a single binary file.
   *
   * @throws InvalidFileException if a file is missing, has a wrong length or a label out of range
   */
  public static CifarDataset train(Path folder, CifarFormat format, Normalization normalization) {
    return open(folder, format, normalization, true);
  }

  /**
   * Opens the test images in {@code folder}, like {@link #train}.
   *
   * @throws InvalidFileException if a file is missing, has a wrong length or a label out of range
   */
  public static CifarDataset test(Path folder, CifarFormat format, Normalization normalization) {
    return open(folder, format, normalization, false);
  }

  private static CifarDataset open(
      Path path, CifarFormat format, Normalization normalization, boolean training) {
    if (Files.isRegularFile(path)) {
      Path folder = path.toAbsolutePath().getParent();
      return new CifarDataset(format, format.classNames(folder), normalization, List.of(path));
    }
    Path folder = format.folderOf(path);
    List<Path> files = format.files(folder, training);
    return new CifarDataset(format, format.classNames(folder), normalization, files);
  }

  private static byte[] read(Path file, CifarFormat format) {
    byte[] bytes;
    try {
      long length = Files.size(file);
      if (length == 0 || length % format.recordBytes() != 0 || length > Integer.MAX_VALUE - 8) {
        throw new InvalidFileException(
            file,
            "has "
                + length
                + " bytes, a multiple of "
                + format.recordBytes()
                + " expected of a file of "
                + format
                + "; it is damaged or of another kind");
      }
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new InvalidFileException(file, "cannot be read: " + e.getMessage(), e);
    }
    for (int at = 0; at + format.recordBytes() <= bytes.length; at += format.recordBytes()) {
      int label = bytes[at + format.labelOffset()] & 0xff;
      if (label >= format.classes()) {
        throw new InvalidFileException(
            file,
            "record "
                + at / format.recordBytes()
                + " has label "
                + label
                + ", 0 to "
                + (format.classes() - 1)
                + " expected of "
                + format
                + "; the file is damaged or of another kind");
      }
    }
    return bytes;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public List<String> classNames() {
    return classNames;
  }

  @Override
  public int label(int index) {
    int file = fileOf(index);
    return records[file][recordStart(file, index) + format.labelOffset()] & 0xff;
  }

  @Override
  public String name(int index) {
    int file = fileOf(index);
    return files.get(file) + ", record " + (index - firstIndices[file]);
  }

  @Override
  public int channels() {
    return 3;
  }

  @Override
  public int height() {
    return CifarFormat.SIDE;
  }

  @Override
  public int width() {
    return CifarFormat.SIDE;
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
    normalization.apply(augmented(index, augmentation, random), values, offset);
  }

  private RgbImage augmented(int index, Augmentation augmentation, RandomStream random) {
    RgbImage augmented = augmentation.apply(image(index), random);
    if (augmented.width() != width() || augmented.height() != height()) {
      throw new InvalidOptionException(
          "size of augmented images", width() + "x" + height() + " pixels", augmented);
    }
    return augmented;
  }

  @Override
  public Optional<Normalization> normalization() {
    return Optional.of(normalization);
  }

  @Override
  public void readGreyLevels(
      int index, Augmentation augmentation, RandomStream random, byte[] planes, int offset) {
    augmented(index, augmentation, random).copyPlanes(planes, offset);
  }

  private void place(int index, Placement placement, float[] values, int offset) {
    int file = fileOf(index);
    int samples = recordStart(file, index) + format.samplesOffset();
    for (int channel = 0; channel < 3; channel++) {
      PlanePlacement.copy(
          records[file],
          samples + channel * PIXELS,
          CifarFormat.SIDE,
          CifarFormat.SIDE,
          placement,
          normalization.table(channel),
          values,
          offset + channel * PIXELS);
    }
  }

  /** Returns an image as it lies in its file. */
  public RgbImage image(int index) {
    int file = fileOf(index);
    int planes = recordStart(file, index) + format.samplesOffset();
    byte[] samples = new byte[CifarFormat.SAMPLES];
    for (int pixel = 0; pixel < PIXELS; pixel++) {
      for (int channel = 0; channel < 3; channel++) {
        samples[3 * pixel + channel] = records[file][planes + channel * PIXELS + pixel];
      }
    }
    return new RgbImage(CifarFormat.SIDE, CifarFormat.SIDE, samples);
  }

  private int fileOf(int index) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException("image " + index + " of " + size);
    }
    int file = firstIndices.length - 1;
    while (firstIndices[file] > index) {
      file--;
    }
    return file;
  }

  private int recordStart(int file, int index) {
    return (index - firstIndices[file]) * format.recordBytes();
  }

  @Override
  public Augmentation standardAugmentation() {
    return new PadCropFlip(4);
  }
}
