package io.github.condensenet4j.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.numpy.NpzFile;
import io.github.condensenet4j.core.tensor.ElementType;
import io.github.condensenet4j.core.tensor.Tensor;
import io.github.condensenet4j.images.Normalization;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NumpyDatasetTest {

  private static final Normalization HALF =
      Normalization.of(List.of(0.5, 0.5, 0.5), List.of(0.25, 0.25, 0.25));

  @TempDir private Path folder;

  @Test
  void normalisesBytes() {
    byte[] bytes = new byte[2 * 3 * 2 * 2];
    bytes[12] = (byte) 255;
    NumpyDataset dataset =
        NumpyDataset.of(
            "a.npz",
            Tensor.ofBytes(ElementType.UINT8, bytes, 2, 3, 2, 2),
            Tensor.ofLongs(new long[] {1, 0}, 2),
            2,
            HALF);
    float[] values = new float[12];
    dataset.read(1, values, 0);
    assertThat(values).startsWith(2f, -2f, -2f);
    assertThat(dataset.label(0)).isEqualTo(1);
    assertThat(dataset.name(1)).isEqualTo("a.npz, x[1]");
  }

  @Test
  void takesFloatsAsTheyAre() {
    float[] floats = {1, 2, 3, 4, 5, 6, 7, 8};
    NumpyDataset dataset = floats(Tensor.ofFloats(floats, 2, 1, 2, 2));
    float[] values = new float[4];
    dataset.read(1, values, 0);
    assertThat(values).containsExactly(5, 6, 7, 8);
    dataset.readAugmented(1, new PadCropFlip(0), flipping(), values, 0);
    assertThat(values).containsExactly(6, 5, 8, 7);
  }

  /** Finds a stream whose first placement without padding is mirrored. */
  private static RandomStream flipping() {
    long seed = 0;
    while (!new PadCropFlip(0).draw(RandomStream.of(seed)).flipped()) {
      seed++;
    }
    return RandomStream.of(seed);
  }

  @Test
  void placesBytesAndFloatsAlike() {
    byte[] bytes = new byte[3 * 5 * 4];
    float[] floats = new float[bytes.length];
    Normalization plain = Normalization.of(List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 37);
      floats[i] = (bytes[i] & 0xff) / 255f;
    }
    Tensor label = Tensor.ofLongs(new long[] {0}, 1);
    NumpyDataset ofBytes =
        NumpyDataset.of("a", Tensor.ofBytes(ElementType.UINT8, bytes, 1, 3, 5, 4), label, 1, plain);
    NumpyDataset ofFloats =
        NumpyDataset.of("b", Tensor.ofFloats(floats, 1, 3, 5, 4), label, 1, plain);
    float[] first = new float[bytes.length];
    float[] second = new float[bytes.length];
    for (int pass = 0; pass < 100; pass++) {
      PadCropFlip augmentation = new PadCropFlip(pass % 7);
      ofBytes.readAugmented(0, augmentation, RandomStream.of(1, pass), first, 0);
      ofFloats.readAugmented(0, augmentation, RandomStream.of(1, pass), second, 0);
      assertThat(first).isEqualTo(second);
    }
  }

  @Test
  void readsFilesAndCountsClasses() {
    Path file = folder.resolve("data.npz");
    NpzFile.write(
        file,
        Map.of(
            "x", Tensor.ofFloats(new float[12], 2, 3, 1, 2),
            "y", Tensor.ofLongs(new long[] {0, 4}, 2)));
    NumpyDataset dataset = NumpyDataset.read(file, OptionalInt.empty(), HALF);
    assertThat(dataset.classNames()).containsExactly("0", "1", "2", "3", "4");
    assertThat(dataset.height()).isEqualTo(1);
    assertThat(dataset.width()).isEqualTo(2);
    assertThatThrownBy(() -> NumpyDataset.read(file, OptionalInt.of(4), HALF))
        .isInstanceOf(InvalidFileException.class)
        .hasMessage(file + ": y[1] is 4, a class from 0 to 3 expected");
  }

  @Test
  void saysWhichArrayIsMissing() {
    Path file = folder.resolve("data.npz");
    NpzFile.write(file, Map.of("x", Tensor.ofFloats(new float[3], 1, 3, 1, 1)));
    assertThatThrownBy(() -> NumpyDataset.read(file, OptionalInt.empty(), HALF))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageStartingWith(file + ": has no array y");
  }

  @Test
  void refusesArraysThatDoNotFit() {
    Tensor x = Tensor.ofFloats(new float[6], 2, 3, 1, 1);
    Tensor y = Tensor.ofLongs(new long[] {0, 1}, 2);
    assertRefused(x.reshape(2, 3), y, "x has shape [2, 3], [N, C, H, W] expected");
    assertRefused(Tensor.ofFloats(new float[0], 0, 3, 1, 1), y, "x has shape [0, 3, 1, 1]");
    assertRefused(x, Tensor.ofLongs(new long[] {0}, 1), "y has shape [1], [2] expected");
    assertRefused(x, y.reshape(2, 1), "y has shape [2, 1], [2] expected");
    assertRefused(x, Tensor.ofFloats(new float[2], 2), "y is of type FLOAT32, integers expected");
    assertRefused(Tensor.ofLongs(new long[6], 2, 3, 1, 1), y, "x is of type INT64");
    assertRefused(x, Tensor.ofLongs(new long[] {-1, 0}, 2), "y[0] is -1, a class from 0 to 1");
    assertThatThrownBy(
            () ->
                NumpyDataset.of(
                    "a.npz",
                    Tensor.ofBytes(ElementType.UINT8, new byte[2], 2, 1, 1, 1),
                    y,
                    2,
                    HALF))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("number of means is 3, that of the channels of x in a.npz, 1");
    assertThatThrownBy(
            () ->
                floats(x)
                    .readAugmented(
                        0, new RandomResizedCropFlip(1), RandomStream.of(1), new float[3], 0))
        .isInstanceOf(InvalidOptionException.class);
  }

  private static void assertRefused(Tensor x, Tensor y, String problem) {
    assertThatThrownBy(() -> NumpyDataset.of("a.npz", x, y, 2, HALF))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageStartingWith("a.npz: " + problem);
  }

  private static NumpyDataset floats(Tensor x) {
    return NumpyDataset.of("a.npz", x, Tensor.ofLongs(new long[x.size(0)], x.size(0)), 2, HALF);
  }
}
