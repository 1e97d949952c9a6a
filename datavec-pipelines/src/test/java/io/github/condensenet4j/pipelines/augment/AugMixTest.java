package io.github.condensenet4j.pipelines.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.images.RgbImage;
import io.github.condensenet4j.pipelines.RandomStream;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AugMixTest {

  private static AugMix parse(String text) {
    return AugMix.parse(text, Optional.empty());
  }

  @Test
  void readsWhatTimmReads() {
    assertThat(parse("augmix")).isEqualTo(new AugMix(3, 3, 0, 1, false, 0, Optional.empty()));
    assertThat(parse("augmix-m5-w4-d2-a0.5-b1-mstd1"))
        .isEqualTo(new AugMix(5, 4, 2, 0.5, true, 1, Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"augmix-x1", "augmix-m", "augmix-w0", "augmix-a0", "augmix-m11", "mix-m1"})
  void refusesWhatItDoesNotKnow(String text) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("--aa");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 1, 5})
  void weightsAreDirichlet(double alpha) {
    AugMix mix = new AugMix(3, 3, 0, alpha, false, 0, Optional.empty());
    int draws = 20_000;
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < draws; i++) {
      double[] weights = mix.weights(RandomStream.of(4, i));
      assertThat(Arrays.stream(weights).sum()).isCloseTo(1, within(1e-12));
      sum += weights[0];
      squares += weights[0] * weights[0];
    }
    double mean = sum / draws;
    // Mean 1/3, variance (1/3 · 2/3) / (3 alpha + 1).
    assertThat(mean).isCloseTo(1 / 3.0, within(0.015));
    assertThat(squares / draws - mean * mean).isCloseTo(2 / 9.0 / (3 * alpha + 1), within(0.008));
  }

  @ParameterizedTest
  @ValueSource(strings = {"augmix-m3", "augmix-m3-b1"})
  void givesTheSamePixelsForTheSameStream(String text) {
    byte[] samples = new byte[3 * 8 * 8];
    Arrays.fill(samples, (byte) 128);
    RgbImage gray = new RgbImage(8, 8, samples);
    RgbImage first = parse(text).apply(gray, RandomStream.of(3));
    assertThat(first.width()).isEqualTo(8);
    assertThat(first.samples()).isEqualTo(parse(text).apply(gray, RandomStream.of(3)).samples());
  }
}
