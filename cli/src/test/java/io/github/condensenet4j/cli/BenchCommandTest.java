package io.github.condensenet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.engine.LayerTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchCommandTest {

  @Test
  void takesPercentilesByNearestRank() {
    long[] nanos = new long[200];
    for (int i = 0; i < nanos.length; i++) {
      nanos[i] = (200 - i) * 1_000_000L;
    }

    InferenceTiming timing = InferenceTiming.of(4, 1, nanos, 25_000_000, 10);

    assertThat(timing.medianMillis()).isEqualTo(100);
    assertThat(timing.p95Millis()).isEqualTo(190);
    assertThat(timing.p99Millis()).isEqualTo(198);
    assertThat(timing.imagesPerSecond()).isEqualTo(40);
    // Two operations for each of 25 million multiply-adds, four times in a tenth of a second.
    assertThat(timing.gigaflops()).isEqualTo(2);
  }

  @Test
  void showsWhatShareOfThePeakALayerReaches() {
    LayerTime stem = new LayerTime("features.init_conv", LayerTime.Operation.STEM, 3000, 75_000);
    LayerTime pool = new LayerTime("denseblock_1", LayerTime.Operation.POOL, 1000, 0);

    InferenceTiming timing =
        InferenceTiming.of(1, 2, new long[] {1_000_000}, 75_000, 200)
            .withLayers(List.of(stem, pool));

    assertThat(timing.layerTable().toString().lines())
        .containsExactly(
            "layer               operation  µs/image   share  GFLOP/s  of peak",
            // 150,000 operations in 3 µs are 50 a ns, half of the 100 that one of two threads has.
            "features.init_conv  stem            3.0  75.0 %     50.0     50 %",
            "denseblock_1        pool            1.0  25.0 %");
    assertThat(timing.facts()).containsKey("layers");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          bench cdnv2_a --batch 0      | --batch is 0, 1 or more expected
          bench cdnv2_a --threads 1,0  | --threads is 0, 1 or more expected
          bench cdnv2_a --image-size 0 | --image-size is 0, 1 or more expected
          """)
  void answersWrongUsageWithOneLineThatHelps(String line, String sentence) {
    Run run = Run.of(line.split(" +"));

    assertThat(run.exitCode()).isEqualTo(ExitCode.WRONG_USAGE);
    assertThat(run.log()).contains(sentence).hasLineCount(1);
  }
}
