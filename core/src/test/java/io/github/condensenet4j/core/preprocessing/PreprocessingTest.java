package io.github.condensenet4j.core.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.condensenet4j.core.InvalidOptionException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreprocessingTest {

  @ParameterizedTest(name = "{0} pixels are cut from {1}")
  @CsvSource({"224, 256", "32, 36", "256, 292", "1, 1"})
  void resizesToTheSideThatTheCropLeaves(int imageSize, int side) {
    assertThat(Preprocessing.imageNet(imageSize, Interpolation.BICUBIC).resizedSide())
        .isEqualTo(side);
  }

  @ParameterizedTest(name = "{0} is evaluated {1}")
  @CsvSource({
    "cdnv2_a, BICUBIC",
    "cdnv2_c, BILINEAR",
    "converted_cdnv2_c, BILINEAR",
    "condensenet_74_g4, BICUBIC"
  })
  void interpolatesAsTheOfficialScripts(String model, Interpolation interpolation) {
    assertThat(Preprocessing.interpolationOf(model)).isEqualTo(interpolation);
  }

  @Test
  void refusesNumbersThatMeanNothing() {
    List<Double> three = List.of(0.5, 0.5, 0.5);
    assertThatThrownBy(() -> new Preprocessing(three, List.of(1.0), 32, 1, Interpolation.BILINEAR))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("mean has 3 values and std 1");
    assertThatThrownBy(
            () -> new Preprocessing(three, List.of(1.0, 0.0, 1.0), 32, 1, Interpolation.BILINEAR))
        .isInstanceOf(InvalidOptionException.class);
    assertThatThrownBy(() -> new Preprocessing(three, three, 0, 1, Interpolation.BILINEAR))
        .isInstanceOf(InvalidOptionException.class);
    assertThatThrownBy(() -> new Preprocessing(three, three, 32, 1.1, Interpolation.BILINEAR))
        .isInstanceOf(InvalidOptionException.class);
  }

  @Test
  void readsItsOwnWords() {
    for (Interpolation interpolation : Interpolation.values()) {
      assertThat(Interpolation.ofWord(interpolation.word())).isEqualTo(interpolation);
    }
    assertThatThrownBy(() -> Interpolation.ofWord("nearest"))
        .hasMessage("interpolation is nearest, bilinear or bicubic expected");
  }
}
