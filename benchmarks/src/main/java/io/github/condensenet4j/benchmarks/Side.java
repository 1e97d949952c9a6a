package io.github.condensenet4j.benchmarks;

/** One of the two that are compared: computes the same thing again and again. */
interface Side {

  /** Computes {@code calls} times and returns the milliseconds of one. */
  double millis(int calls);

  /** Does {@code call} so many times and returns the milliseconds of one. */
  static double timed(int calls, Runnable call) {
    long start = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      call.run();
    }
    return (System.nanoTime() - start) / 1e6 / calls;
  }
}
