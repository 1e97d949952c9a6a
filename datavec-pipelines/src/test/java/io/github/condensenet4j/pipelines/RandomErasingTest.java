package io.github.condensenet4j.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.pipelines.RandomErasing.Box;
import io.github.condensenet4j.pipelines.RandomErasing.Fill;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RandomErasingTest {

  private static final int IMAGES = 4000;

  @ParameterizedTest
  @CsvSource({"224, 224, 1", "32, 48, 1", "32, 48, 3", "7, 300, 1"})
  void rectanglesLieInsideAndTakeTheirShare(int height, int width, int count) {
    RandomErasing erasing = new RandomErasing(1, Fill.PIXEL, count);
    double least = 1;
    double most = 0;
    for (int i = 0; i < IMAGES; i++) {
      Box box = erasing.draw(height, width, count, RandomStream.of(1, i));
      if (box == null) {
        continue;
      }
      assertThat(box.top()).isBetween(0, height - box.height());
      assertThat(box.left()).isBetween(0, width - box.width());
      assertThat(box.height()).isLessThan(height);
      assertThat(box.width()).isLessThan(width);
      double share = (double) box.height() * box.width() * count / (height * width);
      least = Math.min(least, share);
      most = Math.max(most, share);
    }
    // Whole pixels: a side may be half a pixel longer or shorter than drawn.
    assertThat(least).isBetween(0.005, 0.05);
    assertThat(most).isLessThan(0.38);
  }

  @Test
  void areasAndAspectsSpreadAsInTimm() {
    RandomErasing erasing = new RandomErasing(1, Fill.PIXEL, 1);
    double area = 0;
    double logAspect = 0;
    for (int i = 0; i < IMAGES; i++) {
      Box box = erasing.draw(224, 224, 1, RandomStream.of(2, i));
      area += (double) box.height() * box.width() / (224 * 224);
      logAspect += Math.log((double) box.height() / box.width());
    }
    // Uniform from 0.02 to 1/3, and symmetrical; nearly all first attempts fit.
    assertThat(area / IMAGES).isCloseTo((0.02 + 1 / 3.0) / 2, within(0.01));
    assertThat(logAspect / IMAGES).isCloseTo(0, within(0.06));
  }

  @ParameterizedTest
  @CsvSource({"CONST", "RAND", "PIXEL"})
  void fillsTheRectangleOfEveryChannel(Fill fill) {
    float[] values = new float[3 * 20 * 30 + 2];
    Arrays.fill(values, 7);
    RandomErasing erasing = new RandomErasing(1, fill, 1);
    erasing.apply(values, 1, 3, 20, 30, RandomStream.of(5));

    for (int channel = 0; channel < 3; channel++) {
      float[] plane = Arrays.copyOfRange(values, 1 + channel * 600, 1 + (channel + 1) * 600);
      float[] erased = new float[600];
      int count = 0;
      for (float value : plane) {
        if (value != 7) {
          erased[count++] = value;
        }
      }
      assertThat(count).isBetween(8, 220);
      boolean oneColour = true;
      for (int i = 1; i < count; i++) {
        oneColour &= erased[i] == erased[0];
      }
      assertThat(oneColour).isEqualTo(fill != Fill.PIXEL);
      assertThat(erased[0] == 0).isEqualTo(fill == Fill.CONST);
    }
    assertThat(values[0]).isEqualTo(7);
    assertThat(values[values.length - 1]).isEqualTo(7);
  }

  @Test
  void erasesAsOftenAsItIsTold() {
    RandomErasing erasing = new RandomErasing(0.2, Fill.CONST, 1);
    int erased = 0;
    for (int i = 0; i < IMAGES; i++) {
      float[] values = new float[16 * 16];
      Arrays.fill(values, 1);
      erasing.apply(values, 0, 1, 16, 16, RandomStream.of(3, i));
      for (float value : values) {
        if (value == 0) {
          erased++;
          break;
        }
      }
    }
    assertThat((double) erased / IMAGES).isCloseTo(0.2, within(0.03));
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> new RandomErasing(1.5, Fill.CONST, 1))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("--reprob");
    assertThatThrownBy(() -> new RandomErasing(0.5, Fill.CONST, 0))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("--recount");
  }
}
