package io.github.condensenet4j.layers.arithmetic;

import io.github.condensenet4j.core.CondenseNetException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * The threads that share the work of {@link PlainArithmetic}.
 *
 * <p>Work is cut into as many parts as there are threads, always in the same places, so the same
 * number of threads gives the same bits. The number follows {@code OMP_NUM_THREADS}, as ND4J's
 * does, else there is a thread for each processor.
 */
public final class Workers {

  private static int threads = initialThreads();

  private Workers() {}

  private static int initialThreads() {
    String named = System.getenv("OMP_NUM_THREADS");
    return named != null && named.matches("[1-9]\\d{0,3}")
        ? Integer.parseInt(named)
        : Runtime.getRuntime().availableProcessors();
  }

  /** Returns the number of threads that share a layer's work. */
  public static synchronized int threads() {
    return threads;
  }

  /**
   * Sets the number of threads that share a layer's work, for all layers.
   *
   * @throws CondenseNetException if {@code count} is below 1
   */
  public static synchronized void setThreads(int count) {
    if (count < 1) {
      throw new CondenseNetException("threads are " + count + ", at least 1 expected");
    }
    threads = count;
  }

  /** Runs {@code action} for the parts 0 to {@code parts − 1} and waits for all of them. */
  public static void run(int parts, IntConsumer action) {
    List<WorkerThread.Piece> running = new ArrayList<>();
    for (int i = 1; i < parts; i++) {
      int part = i;
      running.add(WorkerThread.start(() -> action.accept(part)));
    }
    try {
      action.accept(0);
    } finally {
      awaitAll(running);
    }
  }

  /** Waits for all pieces, also where one of them has failed. */
  private static void awaitAll(List<WorkerThread.Piece> pieces) {
    CondenseNetException failure = null;
    for (WorkerThread.Piece piece : pieces) {
      try {
        piece.await();
      } catch (CondenseNetException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
