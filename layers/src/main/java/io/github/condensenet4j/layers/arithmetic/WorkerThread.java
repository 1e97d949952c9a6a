package io.github.condensenet4j.layers.arithmetic;

import io.github.condensenet4j.core.CondenseNetException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A thread that does one piece of work after another for whoever asks.
 *
 * <p>A step of training is cut into some hundred pieces, most of them shorter than a millisecond,
 * and waking a thread takes a tenth of that on both sides. So both look out for each other for a
 * moment before they sleep, as long as what one thread does alone between two pieces mostly takes;
 * no longer, because the processor may be wanted elsewhere.
 */
final class WorkerThread extends Thread {

  private static final long LOOKING_NANOS = 200_000;
  private static final int LOOKS_A_GLANCE = 64;

  /** The last to become idle comes first: it is awake, and its caches are warm. */
  private static final ConcurrentLinkedDeque<WorkerThread> IDLE = new ConcurrentLinkedDeque<>();

  private volatile Piece next;
  private volatile boolean asleep;

  private WorkerThread() {
    super("layer worker");
    setDaemon(true);
  }

  /** Has {@code action} done by an idle thread, or a new one. */
  static Piece start(Runnable action) {
    Piece piece = new Piece(action, Thread.currentThread());
    WorkerThread thread = IDLE.pollFirst();
    if (thread == null) {
      thread = new WorkerThread();
      thread.next = piece;
      thread.start();
    } else {
      thread.next = piece;
      if (thread.asleep) {
        LockSupport.unpark(thread);
      }
    }
    return piece;
  }

  @Override
  public void run() {
    while (true) {
      if (!comesSoon(() -> next != null)) {
        asleep = true;
        while (next == null) {
          LockSupport.park(this);
          // Nobody has a reason to interrupt this thread; the flag must not keep it awake.
          Thread.interrupted();
        }
        asleep = false;
      }
      Piece piece = next;
      piece.run();
      next = null;
      // Before the caller goes on, which may want this thread again at once.
      IDLE.addFirst(this);
      piece.finish();
    }
  }

  private static boolean comesSoon(BooleanSupplier awaited) {
    long start = System.nanoTime();
    do {
      for (int look = 0; look < LOOKS_A_GLANCE; look++) {
        if (awaited.getAsBoolean()) {
          return true;
        }
        Thread.onSpinWait();
      }
    } while (System.nanoTime() - start < LOOKING_NANOS);
    return false;
  }

  /** A piece of work, for the one who waits for it. */
  static final class Piece {

    private final Runnable action;
    private final Thread caller;
    private Throwable failure;
    private volatile boolean finished;

    private Piece(Runnable action, Thread caller) {
      this.action = action;
      this.caller = caller;
    }

    @SuppressWarnings("IllegalCatch") // handed to the caller
    private void run() {
      try {
        action.run();
      } catch (RuntimeException | Error e) {
        failure = e;
      }
    }

    private void finish() {
      finished = true;
      LockSupport.unpark(caller);
    }

    /**
     * Waits, on the thread that started the piece, until it is done. An interrupt does not shorten
     * this, because the piece still writes to arrays that the caller would give back.
     *
     * @throws CondenseNetException if the piece failed
     */
    void await() {
      if (!comesSoon(() -> finished)) {
        boolean interrupted = false;
        while (!finished) {
          LockSupport.park(this);
          // A set flag would make every park return at once.
          interrupted |= Thread.interrupted();
        }
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
      if (failure != null) {
        throw new CondenseNetException("a layer's worker failed: " + failure, failure);
      }
    }
  }
}
