package io.github.condensenet4j.layers.fused;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChunksTest {

  private static final int PANEL = 64;

  @ParameterizedTest
  @CsvSource({
    "1, 512, 2",
    "64, 512, 2",
    "65, 512, 2",
    "1568, 512, 2",
    "1568, 512, 3",
    "25088, 1024, 2",
    "401408, 4096, 2",
    "700, 10, 2",
    "4096, 4096, 1"
  })
  void coverAllColumnsWithChunksThatAreAlike(int columns, int most, int threads) {
    Chunks chunks = new Chunks(columns, most, PANEL, threads);

    int end = 0;
    for (int c = 0; c < chunks.count(); c++) {
      assertThat(chunks.first(c)).isEqualTo(end).isEqualTo(end / PANEL * PANEL);
      assertThat(chunks.columns(c))
          .isBetween(1, chunks.longest())
          .isGreaterThan(chunks.longest() - 2 * PANEL);
      end += chunks.columns(c);
    }
    assertThat(end).isEqualTo(columns);
    assertThat(chunks.longest()).isLessThanOrEqualTo(Math.max(PANEL, most));
    int panels = (columns + PANEL - 1) / PANEL;
    assertThat(chunks.count() % threads == 0 || chunks.count() == panels).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"1568, 512", "6272, 1024", "4160, 2048"})
  void giveEachOfTwoThreadsHalfOfTheColumns(int columns, int most) {
    Chunks chunks = new Chunks(columns, most, PANEL, 2);

    int half = IntStream.range(0, chunks.count() / 2).map(chunks::columns).sum();
    assertThat(Math.abs(columns - 2 * half)).isLessThanOrEqualTo(PANEL);
  }
}
