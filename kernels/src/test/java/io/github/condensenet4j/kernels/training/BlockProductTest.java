package io.github.condensenet4j.kernels.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockProductTest {

  private static final int AT = 3;

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "5, 13, 1", "24, 40, 4", "64, 100, 8"})
  void writesGradientsWhereTheirWeightsAre(int outputs, int inputs, int groups) {
    Random random = new Random(outputs);
    int[][] partners = new int[outputs][];
    int[][] sources = new int[outputs][];
    for (int o = 0; o < outputs; o++) {
      int row = o * inputs;
      // Outputs of a group have the same inputs.
      Random ofGroup = new Random(o * groups / outputs);
      partners[o] = IntStream.range(0, inputs).filter(i -> ofGroup.nextInt(3) == 0).toArray();
      sources[o] = Arrays.stream(partners[o]).map(i -> row + i).toArray();
    }
    BlockProduct product = BlockProduct.of(partners, sources, i -> i, o -> o);
    float[] weights = numbers(random, outputs * inputs + AT);
    float[] gathered = new float[product.connections()];
    product.gather(weights, AT, gathered, 0);
    float[] other = numbers(random, product.connections());

    float[] written = new float[weights.length];
    Arrays.fill(written, Float.NaN);
    float[][] parts = {gathered, null, other};
    int cut = outputs / 2 * inputs + inputs / 3;
    product.writeTo(written, AT, parts, 0, cut);
    product.writeTo(written, AT, parts, cut, outputs * inputs);

    float[] added = new float[weights.length];
    product.addTo(added, AT, parts, 1, 0, product.blocks());
    assertThat(Arrays.copyOfRange(written, 0, AT)).containsOnly(Float.NaN);
    assertThat(Arrays.copyOfRange(written, AT, written.length))
        .containsExactly(Arrays.copyOfRange(added, AT, added.length));
    for (int o = 0; o < outputs; o++) {
      for (int source : sources[o]) {
        assertThat(written[AT + source]).isNotZero();
      }
    }
  }

  private static float[] numbers(Random random, int length) {
    float[] numbers = new float[length];
    for (int i = 0; i < length; i++) {
      numbers[i] = 1 + random.nextFloat();
    }
    return numbers;
  }
}
