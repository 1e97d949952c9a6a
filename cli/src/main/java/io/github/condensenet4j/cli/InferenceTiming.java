package io.github.condensenet4j.cli;

import java.util.Arrays;
import java.util.LinkedHashMap;
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
 */
record InferenceTiming(
    int batch,
    int threads,
    double medianMillis,
    double p95Millis,
    double p99Millis,
    double imagesPerSecond,
    double gigaflops,
    double peakGigaflops) {

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
        peakGigaflops);
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
    return facts;
  }
}
