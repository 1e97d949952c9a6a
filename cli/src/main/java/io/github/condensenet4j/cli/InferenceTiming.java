package io.github.condensenet4j.cli;

import io.github.condensenet4j.engine.LayerTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How long calls of the engine took.
 *
 * @param batch images a call
 * @param threads threads that worked on a call
 * @param medianMillis half of the calls took at most this long
 * @param p95Millis 95 of 100 calls took at most this long
 * @param p99Millis 99 of 100 calls took at most this long
 * @param imagesPerSecond images of a call over the median
 * @param gigaflops 10⁹ operations a second, two for each multiply-add
 * @param peakGigaflops what a product of matrices reaches on as many threads
 * @param layers time of each layer, if it was asked for
 */
record InferenceTiming(
    int batch,
    int threads,
    double medianMillis,
    double p95Millis,
    double p99Millis,
    double imagesPerSecond,
    double gigaflops,
    double peakGigaflops,
    List<LayerTime> layers) {

  /** Copies {@code layers}. */
  InferenceTiming {
    layers = List.copyOf(layers);
  }

  /** Sums up {@code nanos}, the time of each call. */
  static InferenceTiming of(
      int batch, int threads, long[] nanos, long multiplyAddsPerImage, double peakGigaflops) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    double median = percentile(sorted, 50);
    return new InferenceTiming(
        batch,
        threads,
        median / 1e6,
        percentile(sorted, 95) / 1e6,
        percentile(sorted, 99) / 1e6,
        batch / (median / 1e9),
        2.0 * multiplyAddsPerImage * batch / median,
        peakGigaflops,
        List.of());
  }

  /** Returns the same with the time of each layer. */
  InferenceTiming withLayers(List<LayerTime> newLayers) {
    return new InferenceTiming(
        batch,
        threads,
        medianMillis,
        p95Millis,
        p99Millis,
        imagesPerSecond,
        gigaflops,
        peakGigaflops,
        newLayers);
  }

  /** Nearest rank. */
  private static double percentile(long[] sorted, int percent) {
    int rank = (int) Math.ceil(percent / 100.0 * sorted.length);
    return sorted[Math.max(0, rank - 1)];
  }

  Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("batch", batch);
    facts.put("threads", threads);
    facts.put("medianMillis", medianMillis);
    facts.put("p95Millis", p95Millis);
    facts.put("p99Millis", p99Millis);
    facts.put("imagesPerSecond", imagesPerSecond);
    facts.put("gflops", gigaflops);
    facts.put("peakGflops", peakGigaflops);
    facts.put("shareOfPeak", gigaflops / peakGigaflops);
    if (!layers.isEmpty()) {
      facts.put("layers", layers.stream().map(InferenceTiming::facts).toList());
    }
    return facts;
  }

  private static Map<String, Object> facts(LayerTime time) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("layer", time.layer());
    facts.put("operation", operation(time));
    facts.put("micros", time.nanos() / 1000);
    facts.put("multiplyAdds", time.multiplyAdds());
    facts.put("gflops", time.gigaflops());
    return facts;
  }

  private static String operation(LayerTime time) {
    return time.operation().name().toLowerCase(Locale.ROOT);
  }

  /** Returns the times of layers, a line each; the peak of one thread is its part of all. */
  Table layerTable() {
    double all = layers.stream().mapToDouble(LayerTime::nanos).sum();
    Table table = new Table("layer", "operation", ">µs/image", ">share", ">GFLOP/s", ">of peak");
    for (LayerTime time : layers) {
      boolean computes = time.multiplyAdds() > 0;
      table.row(
          time.layer(),
          operation(time),
          String.format(Locale.ROOT, "%.1f", time.nanos() / 1000),
          String.format(Locale.ROOT, "%.1f %%", 100 * time.nanos() / all),
          computes ? String.format(Locale.ROOT, "%.1f", time.gigaflops()) : "",
          computes
              ? String.format(
                  Locale.ROOT, "%.0f %%", 100 * time.gigaflops() * threads / peakGigaflops)
              : "");
    }
    return table;
  }
}
