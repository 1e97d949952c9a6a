package io.github.condensenet4j.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.condensenet4j.core.InvalidFileException;
import io.github.condensenet4j.core.preprocessing.Interpolation;
import io.github.condensenet4j.core.preprocessing.Preprocessing;
import io.github.condensenet4j.images.EvaluationPreprocessor;
import io.github.condensenet4j.images.EvaluationView;
import io.github.condensenet4j.images.ImageDecoder;
import io.github.condensenet4j.images.RgbImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EncodedPictureTest {

  /** Returns a file of waves, which no decoder or filter should change much. */
  private static byte[] waves(int width, int height, String format, int type) {
    BufferedImage image = new BufferedImage(width, height, type);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int red = (int) (128 + 100 * Math.sin(9.0 * x / width));
        int green = (int) (128 + 100 * Math.sin(7.0 * y / height));
        image.setRGB(x, y, red << 16 | green << 8 | (red + green) / 2);
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, format, bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] jpeg(int width, int height) {
    return waves(width, height, "jpg", BufferedImage.TYPE_INT_RGB);
  }

  private static double meanDifference(RgbImage one, RgbImage other) {
    assertThat(one).hasToString(other.toString());
    byte[] a = one.samples();
    byte[] b = other.samples();
    return IntStream.range(0, a.length)
        .map(i -> Math.abs((a[i] & 0xff) - (b[i] & 0xff)))
        .average()
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({"1000, 700", "701, 1003", "4000, 230", "500, 500", "400, 4001"})
  void showsTheSamePartScaled(int width, int height) {
    byte[] file = jpeg(width, height);
    for (int size : new int[] {224, 100, 32, 7}) {
      RandomResizedCropFlip crop = new RandomResizedCropFlip(size);
      for (int seed = 0; seed < 10; seed++) {
        RgbImage scaled = crop.apply(EncodedPicture.scaled("x", file), RandomStream.of(seed));
        RgbImage exact = crop.apply(EncodedPicture.exact("x", file), RandomStream.of(seed));

        assertThat(exact)
            .isEqualTo(crop.apply(ImageDecoder.decode("x", file), RandomStream.of(seed)));
        // Edges lie up to half a pixel of the reduced picture off.
        assertThat(meanDifference(scaled, exact)).isLessThan(4);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(EvaluationView.class)
  void evaluatesTheSameSquareScaled(EvaluationView view) {
    for (int size : new int[] {224, 100, 32}) {
      EvaluationPreprocessor preprocessor =
          new EvaluationPreprocessor(Preprocessing.imageNet(size, Interpolation.BICUBIC));
      for (int[] sides : new int[][] {{1000, 700}, {701, 1003}, {515, 512}, {300, 2000}}) {
        byte[] file = jpeg(sides[0], sides[1]);

        RgbImage scaled = EncodedPicture.scaled("x", file).square(preprocessor, view);
        RgbImage exact = EncodedPicture.exact("x", file).square(preprocessor, view);

        assertThat(exact).isEqualTo(preprocessor.square(ImageDecoder.decode("x", file), view));
        // Sides that are no multiple of 8 pixels are rounded up when they are reduced.
        assertThat(meanDifference(scaled, exact)).isLessThan(3);
      }
    }
  }

  @Test
  void isExactWhereThereIsNothingToGain() {
    EvaluationPreprocessor preprocessor =
        new EvaluationPreprocessor(Preprocessing.imageNet(224, Interpolation.BICUBIC));
    for (byte[] file :
        new byte[][] {jpeg(500, 511), waves(900, 900, "png", BufferedImage.TYPE_INT_RGB)}) {
      assertThat(EncodedPicture.scaled("x", file).square(preprocessor, EvaluationView.CENTRE))
          .isEqualTo(EncodedPicture.exact("x", file).square(preprocessor, EvaluationView.CENTRE));
    }
  }

  @Test
  void readsGreyPicturesScaled() {
    byte[] grey = waves(900, 900, "jpg", BufferedImage.TYPE_BYTE_GRAY);
    EvaluationPreprocessor preprocessor =
        new EvaluationPreprocessor(Preprocessing.imageNet(224, Interpolation.BICUBIC));

    RgbImage scaled = EncodedPicture.scaled("x", grey).square(preprocessor, EvaluationView.CENTRE);

    assertThat(scaled.sample(5, 9, 0)).isEqualTo(scaled.sample(5, 9, 2));
    assertThat(
            meanDifference(
                scaled,
                EncodedPicture.exact("x", grey).square(preprocessor, EvaluationView.CENTRE)))
        .isLessThan(2);
  }

  @Test
  void refusesBrokenPicturesAlike() {
    byte[] whole = jpeg(900, 700);
    byte[] cut = Arrays.copyOf(whole, whole.length / 3);
    EvaluationPreprocessor preprocessor =
        new EvaluationPreprocessor(Preprocessing.imageNet(224, Interpolation.BICUBIC));
    for (byte[] broken : new byte[][] {cut, new byte[0], new byte[] {-1, -40, -1}}) {
      Throwable exact =
          catchThrowable(
              () -> EncodedPicture.exact("x", broken).square(preprocessor, EvaluationView.CENTRE));
      assertThatThrownBy(
              () -> EncodedPicture.scaled("x", broken).square(preprocessor, EvaluationView.CENTRE))
          .isInstanceOf(InvalidFileException.class)
          .hasMessage(exact.getMessage());
    }
  }

  @Test
  void datasetsAreScaledWhenAsked(@TempDir Path folder) throws IOException {
    Path file = Files.createDirectories(folder.resolve("a")).resolve("x.jpg");
    Files.write(file, jpeg(1000, 900));
    ImageFolderDataset exact =
        ImageFolderDataset.open(folder, Preprocessing.imageNet(64, Interpolation.BICUBIC));
    ImageFolderDataset scaled = exact.scaledDecode();
    float[] one = new float[exact.values()];
    float[] other = new float[exact.values()];

    exact.read(0, one, 0);
    scaled.read(0, other, 0);

    assertThat(scaled.isScaledDecode()).isTrue();
    assertThat(exact.isScaledDecode()).isFalse();
    assertThat(other).isNotEqualTo(one);
  }
}
