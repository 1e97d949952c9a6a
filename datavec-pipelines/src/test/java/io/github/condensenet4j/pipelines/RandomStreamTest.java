package io.github.condensenet4j.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RandomStreamTest {

  /** Some numbers, computed by another program: they must never change. */
  @Test
  void staysTheSameForever() {
    RandomStream random = RandomStream.of(42, 1, 2, 3);
    assertThat(random.nextLong()).isEqualTo(7443699540114926508L);
    assertThat(random.nextInt(1000)).isEqualTo(468);
    assertThat(random.nextDouble()).isEqualTo(0.6097452622946483);
    assertThat(RandomStream.of(7).permutation(8)).containsExactly(0, 5, 3, 1, 2, 4, 6, 7);
  }

  @Test
  void givesEachPurposeAStreamOfItsOwn() {
    Set<Long> firsts = new HashSet<>();
    for (long seed = 0; seed < 20; seed++) {
      for (long pass = 0; pass < 20; pass++) {
        for (long image = 0; image < 20; image++) {
          firsts.add(RandomStream.of(seed, pass, image).nextLong());
        }
      }
    }
    assertThat(firsts).hasSize(8000);
    assertThat(RandomStream.of(1, 2).nextLong()).isNotEqualTo(RandomStream.of(2, 1).nextLong());
    assertThat(RandomStream.of(1).nextLong()).isNotEqualTo(RandomStream.of(1, 0).nextLong());
  }

  @Test
  void drawsEveryNumberEquallyOften() {
    RandomStream random = RandomStream.of(5);
    int[] counts = new int[7];
    int heads = 0;
    double sum = 0;
    for (int i = 0; i < 70_000; i++) {
      counts[random.nextInt(7)]++;
      heads += random.nextBoolean() ? 1 : 0;
      sum += random.nextDouble(2, 4);
    }
    // Five standard deviations of a count are 463.
    for (int count : counts) {
      assertThat(count).isBetween(9537, 10463);
    }
    assertThat(heads).isBetween(34_300, 35_700);
    assertThat(sum / 70_000).isCloseTo(3, within(0.012));
  }

  @Test
  void mixesAsTheJdkDoes() {
    // SplittableRandom(seed) counts from seed itself; a stream from the mixed purpose.
    RandomStream stream = RandomStream.of(9);
    long start = new SplittableRandom(9).nextLong();
    assertThat(stream.nextLong()).isEqualTo(new SplittableRandom(start).nextLong());
  }

  @Test
  void fillsWithNormallyDistributedNumbers() {
    float[] values = new float[200_001];
    RandomStream.of(3).fillGaussian(values, 1, values.length);

    double sum = 0;
    double squares = 0;
    double fourths = 0;
    double neighbours = 0;
    for (int i = 1; i < values.length; i++) {
      sum += values[i];
      squares += values[i] * values[i];
      fourths += Math.pow(values[i], 4);
      neighbours += values[i] * values[i - 1];
    }
    int count = values.length - 1;
    // Five standard errors each.
    assertThat(sum / count).isCloseTo(0, within(5 / Math.sqrt(count)));
    assertThat(squares / count).isCloseTo(1, within(5 * Math.sqrt(2.0 / count)));
    assertThat(fourths / count).isCloseTo(3, within(5 * Math.sqrt(96.0 / count)));
    assertThat(neighbours / count).isCloseTo(0, within(5 / Math.sqrt(count)));
  }

  @Test
  void fillsNoMoreThanItIsAsked() {
    float[] values = {7, 7, 7, 7, 7};
    RandomStream.of(3).fillGaussian(values, 1, 4);
    assertThat(values[0]).isEqualTo(7);
    assertThat(values[4]).isEqualTo(7);
    float[] again = new float[3];
    RandomStream.of(3).fillGaussian(again, 0, 3);
    assertThat(again).containsExactly(values[1], values[2], values[3]);
    assertThat(again).doesNotContain(0, 7);
  }
}
