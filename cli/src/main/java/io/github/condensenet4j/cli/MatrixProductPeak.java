package io.github.condensenet4j.cli;

import io.github.condensenet4j.kernels.GroupProduct;
import io.github.condensenet4j.kernels.GroupWeights;
import io.github.condensenet4j.kernels.KernelProvider;
import io.github.condensenet4j.kernels.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** What a product of matrices that fit into the caches reaches on this machine. */
final class MatrixProductPeak {

  private static final int ROWS = 192;
  private static final int DEPTH = 192;
  private static final int COLUMNS = 512;
  private static final long WARM_UP_NANOS = 1_000_000_000L;
  private static final int ROUNDS = 20;
  private static final long ROUND_NANOS = 50_000_000L;

  private MatrixProductPeak() {}

  /**
   * Measures the best of some rounds, in which all threads multiply at once.
   *
   * @return 10⁹ operations a second of all threads together, two for each multiply-add
   */
  static double measure(int threads) {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    CyclicBarrier barrier = new CyclicBarrier(threads);
    try {
      List<Future<double[]>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        running.add(pool.submit(() -> rounds(barrier)));
      }
      double[] sums = new double[ROUNDS];
      for (Future<double[]> future : running) {
        double[] rates = future.get();
        for (int round = 0; round < ROUNDS; round++) {
          sums[round] += rates[round];
        }
      }
      return IntStream.range(0, ROUNDS).mapToDouble(round -> sums[round]).max().orElseThrow();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      pool.shutdownNow();
    }
  }

  private static double[] rounds(CyclicBarrier barrier) throws Exception {
    Kernels kernels = KernelProvider.fastest();
    float[] numbers = new float[ROWS * DEPTH];
    float[] x = new float[DEPTH * COLUMNS];
    float[] y = new float[ROWS * COLUMNS];
    Arrays.fill(numbers, 0.5f);
    Arrays.fill(x, 0.25f);
    GroupProduct product =
        new GroupProduct(
            GroupWeights.of(1, ROWS, DEPTH, numbers),
            IntStream.range(0, DEPTH).map(row -> row * COLUMNS).toArray(),
            0,
            IntStream.range(0, ROWS).map(row -> row * COLUMNS).toArray(),
            false);
    float[] scratch = new float[kernels.scratchLength(product.weights())];
    Runnable multiply =
        () -> kernels.product(product, 0, ROWS, x, 0, y, 0, COLUMNS, null, 0, scratch);
    rate(multiply, WARM_UP_NANOS);
    double[] rates = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      barrier.await();
      rates[round] = rate(multiply, ROUND_NANOS);
    }
    return rates;
  }

  private static double rate(Runnable multiply, long nanos) {
    long start = System.nanoTime();
    long times = 0;
    long elapsed = 0;
    while (elapsed < nanos) {
      multiply.run();
      times++;
      elapsed = System.nanoTime() - start;
    }
    return 2.0 * ROWS * DEPTH * COLUMNS * times / elapsed;
  }
}
