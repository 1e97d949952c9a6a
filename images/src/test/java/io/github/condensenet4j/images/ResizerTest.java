package io.github.condensenet4j.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.core.preprocessing.Interpolation;
import io.github.condensenet4j.core.preprocessing.Preprocessing;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds resizing against Pillow's on what {@code make_resizing.py} makes. */
class ResizerTest {

  private static final Map<String, byte[]> ARCHIVE = Pictures.archive("resizing.zip");
  private static final RgbImage PICTURE = Pictures.picture(ARCHIVE.get("picture"));

  static Stream<String> resized() {
    return ARCHIVE.keySet().stream().filter(name -> Character.isDigit(name.charAt(0)));
  }

  static Stream<String> evaluated() {
    return ARCHIVE.keySet().stream().filter(name -> name.startsWith("evaluation"));
  }

  @ParameterizedTest
  @MethodSource("resized")
  void givesTheSamplesThatPillowGives(String name) {
    String[] parts = name.split("[x_]", -1);
    RgbImage resized =
        Resizer.resize(
            PICTURE,
            Integer.parseInt(parts[0]),
            Integer.parseInt(parts[1]),
            Interpolation.ofWord(parts[2]));
    assertThat(resized).isEqualTo(Pictures.picture(ARCHIVE.get(name)));
  }

  @ParameterizedTest
  @MethodSource("evaluated")
  void cutsTheSquareThatTorchvisionCuts(String name) {
    String[] parts = name.replace("_high", "").split("_", -1);
    int side = Integer.parseInt(parts[1]);
    int size = Integer.parseInt(parts[2]);
    Preprocessing preprocessing =
        new Preprocessing(
            List.of(0.5, 0.5, 0.5),
            List.of(0.5, 0.5, 0.5),
            size,
            // Rounding must not take a pixel from the side again.
            Math.min(1, size / (side + 0.5)),
            Interpolation.ofWord(parts[3]));
    assertThat(preprocessing.resizedSide()).isEqualTo(side);
    RgbImage picture = name.contains("high") ? transposed(PICTURE) : PICTURE;
    assertThat(new EvaluationPreprocessor(preprocessing).square(picture))
        .isEqualTo(Pictures.picture(ARCHIVE.get(name)));
  }

  private static RgbImage transposed(RgbImage image) {
    byte[] samples = new byte[image.samples().length];
    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < image.width(); x++) {
        for (int channel = 0; channel < 3; channel++) {
          samples[3 * (x * image.height() + y) + channel] = (byte) image.sample(x, y, channel);
        }
      }
    }
    return new RgbImage(image.height(), image.width(), samples);
  }

  @Test
  void makesOnlyWhatIsCutOutOfThinPictures() {
    Preprocessing preprocessing = Preprocessing.imageNet(224, Interpolation.BICUBIC);
    // Resized whole, it would have 256 by 51 million pixels.
    RgbImage thin = new RgbImage(1, 200_000, new byte[600_000]);
    assertThat(new EvaluationPreprocessor(preprocessing).square(thin).height()).isEqualTo(224);
  }
}
