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
}
