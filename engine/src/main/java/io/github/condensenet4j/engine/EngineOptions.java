package io.github.condensenet4j.engine;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.kernels.KernelProvider;
import io.github.condensenet4j.kernels.Kernels;

/**
 * How a compiled model runs.
 *
 * @param threads how many threads work on one call at most, the calling one included
 * @param kernels what computes
 * @param meanwhile what computes until Java has compiled {@code kernels}, to the same bits; {@code
 *     kernels} themselves to have nothing else
 */
public record EngineOptions(int threads, Kernels kernels, Kernels meanwhile) {

  private static final int MOST_THREADS = 1024;

  /**
   * Checks the number of threads.
   *
   * @throws InvalidOptionException if it is not from 1 to 1024
   */
  public EngineOptions {
    if (threads < 1 || threads > MOST_THREADS) {
      throw new InvalidOptionException(
          "--threads is " + threads + ", a number from 1 to " + MOST_THREADS + " expected");
    }
  }

  /** Computes on {@code kernels} from the first call on. */
  public EngineOptions(int threads, Kernels kernels) {
    this(threads, kernels, kernels);
  }

  /** Returns the fastest kernels on all processors, plain loops until they are compiled. */
  public static EngineOptions defaults() {
    return new EngineOptions(
        Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors()),
        KernelProvider.fastest(),
        KernelProvider.plain());
  }

  /** Returns the same without anything that computes meanwhile: slow at first, then fast. */
  public EngineOptions withoutWarmUp() {
    return new EngineOptions(threads, kernels);
  }

  boolean warmsUp() {
    return kernels != meanwhile;
  }

  /** Returns the same with another number of threads. */
  public EngineOptions withThreads(int newThreads) {
    return new EngineOptions(newThreads, kernels, meanwhile);
  }
}
