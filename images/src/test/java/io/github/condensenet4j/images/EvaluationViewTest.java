package io.github.condensenet4j.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.core.preprocessing.Preprocessing;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvaluationViewTest {

  private static final int SIZE = 4;
  private static final int WIDTH = 7;

  @ParameterizedTest
  @CsvSource({
    "CENTRE, 2 3 4 5",
    "CENTRE_MIRRORED, 5 4 3 2",
    "TOP_LEFT, 0 1 2 3",
    "TOP_RIGHT, 3 4 5 6",
    "BOTTOM_LEFT_MIRRORED, 3 2 1 0",
    "BOTTOM_RIGHT_MIRRORED, 6 5 4 3"
  })
  void showsItsColumns(EvaluationView view, String expected) {
    byte[] samples = new byte[3 * WIDTH * SIZE];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (byte) (i / 3 % WIDTH);
    }
    EvaluationPreprocessor preprocessor =
        new EvaluationPreprocessor(Preprocessing.imageNet(SIZE, Preprocessing.interpolationOf("")));

    RgbImage square = preprocessor.square(new RgbImage(WIDTH, SIZE, samples), view);

    int[] columns = IntStream.range(0, SIZE).map(x -> square.sample(x, SIZE - 1, 0)).toArray();
    assertThat(columns)
        .containsExactly(Arrays.stream(expected.split(" ")).mapToInt(Integer::parseInt).toArray());
  }
}
