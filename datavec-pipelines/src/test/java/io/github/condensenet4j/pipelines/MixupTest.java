package io.github.condensenet4j.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.condensenet4j.core.InvalidOptionException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.dataset.DataSet;

class MixupTest {

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.2, 0.5, 1, 2, 8})
  void sharesAreBeta(double alpha) {
    Mixup mixup = new Mixup(alpha, 0);
    int draws = 20_000;
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < draws; i++) {
      double share = mixup.share(RandomStream.of(1, i));
      assertThat(share).isBetween(0.0, 1.0);
      sum += share;
      squares += share * share;
    }
    double mean = sum / draws;
    // Mean and variance of Beta(a, a): 1/2 and 1 / (4 (2a + 1)).
    assertThat(mean).isCloseTo(0.5, within(0.02));
    assertThat(squares / draws - mean * mean).isCloseTo(1 / (4 * (2 * alpha + 1)), within(0.01));
  }

  @Test
  void mixesImagesAndLabelsWithTheBatchTurnedRound() {
    float[] values = {1, 2, 3, 4, 5, 6};
    float[] labels = {1, 0, 0, 1, 0, 1};
    Mixup mixup = new Mixup(0.4, 0);
    RandomStream random = RandomStream.of(9);
    float share = (float) mixup.share(RandomStream.of(9));
    mixup.apply(values, 2, labels, 2, 3, random);

    assertThat(values)
        .containsExactly(
            share * 1 + (1 - share) * 5,
            share * 2 + (1 - share) * 6,
            3,
            4,
            share * 5 + (1 - share) * 1,
            share * 6 + (1 - share) * 2);
    assertThat(labels).containsExactly(share, 1 - share, 0, 1, 1 - share, share);
  }

  @Test
  void batchesAreMixedAndErasedUntilTheEpochInWhichItEnds() {
    LabeledImages images = new TinyImages(8, Set.of());
    try (TrainingBatches mixed =
            TrainingBatches.of(images).batchSize(4).shuffled(false).mixup(new Mixup(1, 1)).build();
        TrainingBatches plain = TrainingBatches.of(images).batchSize(4).shuffled(false).build()) {
      DataSet first = mixed.next();
      DataSet same = plain.next();
      assertThat(first.getLabels()).isNotEqualTo(same.getLabels());
      assertThat(first.getLabels().sumNumber().doubleValue()).isCloseTo(4, within(1e-5));
      assertThat(first.getFeatures()).isNotEqualTo(same.getFeatures());
      mixed.next();
      plain.next();
      assertThat(mixed.next()).isEqualTo(plain.next());
    }
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> new Mixup(-1, 0))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("--mixup");
    assertThatThrownBy(() -> new Mixup(1, -1))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("--mixup-off-epoch");
  }
}
