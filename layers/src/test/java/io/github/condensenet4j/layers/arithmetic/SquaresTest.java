package io.github.condensenet4j.layers.arithmetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Means of squares and their shares, against the definition, where squares leave a border. */
class SquaresTest {

  private static final int START = 3;

  @ParameterizedTest
  @CsvSource({"2,2,2", "4,6,2", "5,7,2", "6,9,3", "7,8,3", "1,1,1", "3,5,1", "9,2,2", "1,5,2"})
  void followTheDefinition(int height, int width, int size) {
    Squares squares = new Squares(height, width, size);
    Random random = new Random(7);
    float[] pixels = new float[START + height * width];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextFloat();
    }
    float[] means = new float[START + squares.count() + 1];
    Arrays.fill(means, -1);
    squares.means(pixels, START, means, START);
    float[] shares = new float[START + height * width + 1];
    Arrays.fill(shares, -1);
    squares.shares(means, START, shares, START);

    int across = width / size;
    float[] expectedShares = shares.clone();
    Arrays.fill(expectedShares, START, START + height * width, 0);
    for (int s = 0; s < squares.count(); s++) {
      double sum = 0;
      for (int i = 0; i < size * size; i++) {
        int row = s / across * size + i / size;
        int column = s % across * size + i % size;
        sum += pixels[START + row * width + column];
        expectedShares[START + row * width + column] = means[START + s] / (size * size);
      }
      assertThat(means[START + s]).isCloseTo((float) (sum / (size * size)), within(1e-6f));
    }
    assertThat(shares).containsExactly(expectedShares, within(1e-7f));
    assertThat(means[START + squares.count()]).isEqualTo(-1);
    assertThat(shares[START + height * width]).isEqualTo(-1);
  }
}
