package io.github.condensenet4j.pipelines.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.preprocessing.Interpolation;
import io.github.condensenet4j.fixtures.Reference;
import io.github.condensenet4j.images.ImageDecoder;
import io.github.condensenet4j.images.RgbImage;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ImageOperationTest {

  /** The cases of the fixtures, or all of them where they are. */
  @TestFactory
  Stream<DynamicTest> givesThePixelsOfTheReference() {
    return JsonValue.read(Reference.of("augmentation/ops.json")).get("cases").list().stream()
        .map(test -> DynamicTest.dynamicTest(test.get("output").text(), () -> compare(test)));
  }

  private static void compare(JsonValue test) {
    ImageOperation operation = ImageOperation.ofTimmName(test.get("op").text());
    double[] arguments = test.get("args").numbers();
    Optional<Interpolation> resample =
        test.find("resample").map(word -> Interpolation.ofWord(word.text()));
    RgbImage actual =
        operation.apply(
            picture(test.get("input")),
            arguments.length == 0 ? 0 : arguments[0],
            resample.orElse(Interpolation.BILINEAR));
    RgbImage expected = picture(test.get("output"));
    assertThat(actual).hasToString(expected.toString());
    // Moved pixels too, though they are doubles cut down to whole grey levels, where the last bit
    // counts: Pillow's builds for x86-64 round each operation, as Java does.
    assertThat(largestDifference(actual, expected)).isZero();
  }

  private static RgbImage picture(JsonValue name) {
    Path folder = Reference.of("augmentation/ops");
    return ImageDecoder.decode(folder.resolve(name.text()));
  }

  private static int largestDifference(RgbImage actual, RgbImage expected) {
    byte[] a = actual.samples();
    byte[] b = expected.samples();
    return IntStream.range(0, a.length)
        .map(i -> Math.abs((a[i] & 0xff) - (b[i] & 0xff)))
        .max()
        .orElseThrow();
  }

  @Test
  void takesPicturesOfOnePixelAndChannelsOfOneValue() {
    RgbImage pixel = new RgbImage(1, 1, new byte[] {1, 2, 3});
    for (ImageOperation operation : ImageOperation.values()) {
      for (Interpolation interpolation : Interpolation.values()) {
        assertThat(operation.apply(pixel, 0, interpolation)).hasToString("RgbImage 1x1");
      }
    }
    assertThat(ImageOperation.EQUALIZE.apply(pixel, 0, Interpolation.BILINEAR)).isEqualTo(pixel);
    assertThat(ImageOperation.AUTO_CONTRAST.apply(pixel, 0, Interpolation.BILINEAR))
        .isEqualTo(pixel);
  }

  @Test
  void fillsWithTheMeanOfImageNet() {
    RgbImage pixel = new RgbImage(1, 1, new byte[] {1, 2, 3});
    assertThat(ImageOperation.TRANSLATE_X_REL.apply(pixel, 0.6, Interpolation.BICUBIC))
        .isEqualTo(new RgbImage(1, 1, new byte[] {124, 116, 104}));
  }

  @Test
  void turnsByQuartersWithoutALoss() {
    RgbImage square = new RgbImage(2, 2, new byte[] {1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4});
    assertThat(ImageOperation.ROTATE.apply(square, 90, Interpolation.BILINEAR))
        .isEqualTo(new RgbImage(2, 2, new byte[] {2, 2, 2, 4, 4, 4, 1, 1, 1, 3, 3, 3}));
    assertThat(ImageOperation.ROTATE.apply(square, -360, Interpolation.BICUBIC)).isEqualTo(square);
  }

  @Test
  void refusesArgumentsOutOfRange() {
    RgbImage pixel = new RgbImage(1, 1, new byte[] {1, 2, 3});
    assertThatThrownBy(() -> ImageOperation.POSTERIZE.apply(pixel, 9, Interpolation.BILINEAR))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bits of 9, 0 to 8 expected");
    assertThatThrownBy(() -> ImageOperation.ROTATE.apply(pixel, Double.NaN, Interpolation.BILINEAR))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ImageOperation.ofTimmName("Blur"))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("Blur");
  }
}
