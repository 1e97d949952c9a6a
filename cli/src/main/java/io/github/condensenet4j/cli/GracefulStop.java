package io.github.condensenet4j.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets work end by itself when the process is asked to end by Ctrl-C or a termination signal: the
 * process waits for it.
 */
final class GracefulStop {

  /** How long the last step and the checkpoint may take before the process ends anyway. */
  private static final long PATIENCE_SECONDS = 300;

  private final CountDownLatch done = new CountDownLatch(1);
  private final Runnable stop;
  private final Thread hook = new Thread(this::stopAndWait, "stop");

  /**
   * Listens from now until {@link #workHasEnded}.
   *
   * @param stop asks the work to end soon
   */
  GracefulStop(Runnable stop) {
    this.stop = stop;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void stopAndWait() {
    stop.run();
    try {
      done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Says that the work has ended. */
  void workHasEnded() {
    done.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already, and has waited for this.
    }
  }
}
