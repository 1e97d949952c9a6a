package io.github.condensenet4j.engine;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that help a caller with its {@link Work}.
 *
 * <p>Helpers take chunks when they are there; the caller takes all chunks that nobody else took. So
 * nobody ever waits for a thread to arrive, only for chunks that one has begun: on a busy machine a
 * helper that does not get a processor costs nothing. Who waits looks a few microseconds, because
 * phases are short and waking up is slow, and then sleeps.
 *
 * <p>One caller at a time has the helpers; others do their work alone meanwhile.
 */
final class Team implements AutoCloseable {

  /** Chunks that a phase may have. */
  static final int MOST_CHUNKS = 0xffff;

  private static final long LOOKING_NANOS = 20_000;
  private static final int LOOKS_A_GLANCE = 16;

  /** Phase in the upper half, then the first and the end of the chunks that nobody took. */
  private final AtomicLong open = new AtomicLong();

  private final AtomicInteger unfinished = new AtomicInteger();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final AtomicBoolean taken = new AtomicBoolean();
  private final Helper[] helpers;
  private volatile Thread waitingCaller;
  private volatile boolean closed;

  // Written before a phase opens and read after a chunk was taken from it.
  private Work work;
  private int firstPhase;

  private int phaseNumber;

  /** Starts {@code threads - 1} helpers. */
  Team(int threads, String name) {
    helpers = new Helper[threads - 1];
    for (int i = 0; i < helpers.length; i++) {
      helpers[i] = new Helper(i + 1, name + "-" + (i + 1));
      helpers[i].start();
    }
  }

  /** Returns the number of workers: the helpers and the caller. */
  int workers() {
    return helpers.length + 1;
  }

  /** Does {@code task} on the calling thread, whatever the others do. */
  static void runAlone(Work task) {
    for (int phase = 0; phase < task.phases(); phase++) {
      for (int chunk = 0; chunk < task.chunks(phase); chunk++) {
        task.run(phase, chunk, 0);
      }
    }
  }

  /** Reserves the helpers; whoever gets {@code true} must {@link #release} them. */
  boolean tryReserve() {
    return helpers.length > 0 && !closed && taken.compareAndSet(false, true);
  }

  /** Lets others have the helpers. */
  void release() {
    taken.set(false);
  }

  /**
   * Does {@code task} with all helpers, which the caller has reserved. An interrupt neither stops
   * nor hurries it; the flag is as it was afterwards.
   */
  void run(Work task) {
    work = task;
    firstPhase = phaseNumber;
    for (int phase = 0; phase < task.phases(); phase++) {
      int chunks = task.chunks(phase);
      unfinished.set(chunks);
      open.set((long) phaseNumber++ << 32 | chunks);
      if (chunks > 1) {
        wakeHelpers();
      }
      while (takeAndRun(0)) {
        // Until none is left.
      }
      awaitChunksOfOthers();
      Throwable failed = failure.getAndSet(null);
      if (failed instanceof Error error) {
        throw error;
      }
      if (failed != null) {
        throw (RuntimeException) failed;
      }
    }
  }

  /**
   * Takes a chunk, the caller from the front and helpers from the back, so that in phase after
   * phase they have about the same part of the data in their caches.
   */
  private boolean takeAndRun(int worker) {
    long seen = open.get();
    int first = (int) (seen >>> 16) & 0xffff;
    int end = (int) seen & 0xffff;
    if (first >= end) {
      return false;
    }
    if (!open.compareAndSet(seen, worker == 0 ? seen + (1 << 16) : seen - 1)) {
      return true;
    }
    try {
      work.run((int) (seen >>> 32) - firstPhase, worker == 0 ? first : end - 1, worker);
    } catch (RuntimeException | Error e) {
      failure.compareAndSet(null, e);
    } finally {
      if (unfinished.decrementAndGet() == 0 && worker != 0) {
        LockSupport.unpark(waitingCaller);
      }
    }
    return true;
  }

  private boolean isOpen() {
    long seen = open.get();
    return ((int) (seen >>> 16) & 0xffff) < ((int) seen & 0xffff);
  }

  private void wakeHelpers() {
    for (Helper helper : helpers) {
      if (helper.asleep) {
        LockSupport.unpark(helper);
      }
    }
  }

  private void awaitChunksOfOthers() {
    if (unfinished.get() == 0) {
      return;
    }
    long start = System.nanoTime();
    do {
      for (int look = 0; look < LOOKS_A_GLANCE; look++) {
        if (unfinished.get() == 0) {
          return;
        }
        Thread.onSpinWait();
      }
    } while (System.nanoTime() - start < LOOKING_NANOS);
    boolean interrupted = false;
    waitingCaller = Thread.currentThread();
    while (unfinished.get() != 0) {
      LockSupport.park(this);
      // A set flag would make every park return at once.
      interrupted |= Thread.interrupted();
    }
    waitingCaller = null;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sends the helpers home. Work that is being done is completed, by its caller if need be. */
  @Override
  public void close() {
    closed = true;
    for (Helper helper : helpers) {
      LockSupport.unpark(helper);
    }
  }

  private final class Helper extends Thread {

    private final int worker;
    private volatile boolean asleep;

    Helper(int worker, String name) {
      super(name);
      this.worker = worker;
      setDaemon(true);
    }

    @Override
    public void run() {
      while (!closed) {
        while (takeAndRun(worker)) {
          // Until none is left.
        }
        awaitOpenPhase();
      }
    }

    private void awaitOpenPhase() {
      long start = System.nanoTime();
      do {
        for (int look = 0; look < LOOKS_A_GLANCE; look++) {
          if (isOpen() || closed) {
            return;
          }
          Thread.onSpinWait();
        }
      } while (System.nanoTime() - start < LOOKING_NANOS);
      asleep = true;
      while (!isOpen() && !closed) {
        LockSupport.park(Team.this);
        // Nobody outside has a reason to interrupt a helper; the flag must not keep it awake.
        Thread.interrupted();
      }
      asleep = false;
    }
  }
}
