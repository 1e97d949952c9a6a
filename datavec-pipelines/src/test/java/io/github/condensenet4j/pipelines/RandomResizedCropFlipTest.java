package io.github.condensenet4j.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.json.JsonValue;
import io.github.condensenet4j.core.preprocessing.Interpolation;
import io.github.condensenet4j.fixtures.Reference;
import io.github.condensenet4j.images.ImageDecoder;
import io.github.condensenet4j.images.PictureRegion;
import io.github.condensenet4j.images.RgbImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RandomResizedCropFlipTest {

  private static final RandomResizedCropFlip OFFICIAL = new RandomResizedCropFlip(224);

  /** Means of area and of log ratio are those of 200,000 draws of timm's function in Python. */
  @ParameterizedTest(name = "{0}x{1}")
  @CsvSource({"1000, 1000, 0.4784, 0.0", "500, 375, 0.4313, 0.0308"})
  void drawsPartsOfAllowedAreaAndRatioAnywhere(
      int width, int height, double meanArea, double meanLogRatio) {
    RandomStream random = RandomStream.of(1);
    double areas = 0;
    double logRatios = 0;
    double lefts = 0;
    int draws = 50_000;
    for (int i = 0; i < draws; i++) {
      PictureRegion part = OFFICIAL.draw(width, height, random);
      double area = (double) part.width() * part.height() / (width * height);
      double ratio = (double) part.width() / part.height();
      // Sides are rounded to pixels.
      assertThat(area > 0.079 && area <= 1 && ratio > 0.745 && ratio < 1.345).isTrue();
      assertThat(part.left() >= 0 && part.left() + part.width() <= width).isTrue();
      assertThat(part.top() >= 0 && part.top() + part.height() <= height).isTrue();
      areas += area;
      logRatios += Math.log(ratio);
      lefts += part.left() / Math.max(1.0, width - part.width());
    }
    assertThat(areas / draws).isCloseTo(meanArea, within(0.005));
    assertThat(logRatios / draws).isCloseTo(meanLogRatio, within(0.004));
    assertThat(lefts / draws).isCloseTo(0.5, within(0.01));
  }

  /** Parts and interpolations that timm drew, and the pictures that came out. */
  @TestFactory
  Stream<DynamicTest> givesThePixelsOfTheReference() {
    Path folder = Reference.of("augmentation/preprocess");
    return JsonValue.read(folder.resolve("preprocess.json")).get("resized_crops").list().stream()
        .map(
            crop ->
                DynamicTest.dynamicTest(
                    crop.get("output").text(),
                    () -> {
                      Path output = folder.resolve(crop.get("output").text());
                      assumeTrue(Files.exists(output), output + " is not among the fixtures");
                      double[] size = crop.get("size_hw").numbers();
                      PictureRegion part =
                          new PictureRegion(
                              crop.get("j_left").integer(),
                              crop.get("i_top").integer(),
                              crop.get("w").integer(),
                              crop.get("h").integer());
                      RgbImage resized =
                          new RandomResizedCropFlip((int) size[1])
                              .resize(
                                  ImageDecoder.decode(folder.resolve(crop.get("input").text())),
                                  part,
                                  Interpolation.ofWord(crop.get("interpolation").text()));
                      assertThat(resized).isEqualTo(ImageDecoder.decode(output));
                    }));
  }

  @ParameterizedTest(name = "{0}x{1} → {4}x{5} at {2},{3}")
  @CsvSource({"1000, 10, 493, 0, 13, 10", "10, 1000, 0, 493, 10, 13"})
  void takesTheMiddleWhereNothingFits(
      int width, int height, int left, int top, int partWidth, int partHeight) {
    RandomResizedCropFlip whole =
        new RandomResizedCropFlip(8, 1, 1, 3.0 / 4, 4.0 / 3, Optional.empty());
    assertThat(whole.draw(width, height, RandomStream.of(1)))
        .isEqualTo(new PictureRegion(left, top, partWidth, partHeight));
  }

  @Test
  void makesSquaresOfEvenTheSmallestPicture() {
    RgbImage pixel = new RgbImage(1, 1, new byte[] {1, 2, 3});
    RgbImage square = new RandomResizedCropFlip(4).apply(pixel, RandomStream.of(1));
    assertThat(square).hasToString("RgbImage 4x4");
    assertThat(square.sample(3, 3, 2)).isEqualTo(3);
  }

  @Test
  void refusesRangesOutOfOrder() {
    assertThatThrownBy(() -> new RandomResizedCropFlip(8, 0.5, 0.4, 1, 1, Optional.empty()))
        .isInstanceOf(InvalidOptionException.class);
    assertThatThrownBy(() -> new RandomResizedCropFlip(8, 0.5, 1, 2, 1, Optional.empty()))
        .isInstanceOf(InvalidOptionException.class);
    assertThatThrownBy(() -> new RandomResizedCropFlip(0))
        .isInstanceOf(InvalidOptionException.class);
  }
}
