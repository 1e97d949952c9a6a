package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.layers.arithmetic.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Cuts work into parts, always in the same places. Each thread has the same share of any work,
 * stretches that follow each other, so that what it reads is often what it has written itself and
 * still has in its own caches. It takes its parts one after the other, then those that others have
 * not come to: who is late, because he had to be woken or shares his processor, does fewer. What is
 * summed up by part does not depend on who took it.
 */
final class Crew {

  /**
   * Where the share of a thread is cut into parts, in hundredths. Only parts that are not begun can
   * be taken over from a thread that is late, so the last ones are small; each part begins anew, so
   * they are few.
   */
  private static final int[] CUTS = {0, 75, 95};

  /** A second-level cache of 1 MiB holds eight times as many. */
  private static final int MANY_FLOATS = 1 << 15;

  /** What one thread works with alone. */
  static final class Hand {

    private float[][] buffers = new float[8][];
    private int part;

    private Hand() {}

    /** Returns which part of the work this is, from 0. */
    int part() {
      return part;
    }

    /**
     * Returns buffer number {@code slot}, with any content: at least {@code length} floats from
     * {@link CacheLines#FIRST} on.
     */
    float[] buffer(int slot, int length) {
      if (buffers[slot] == null || buffers[slot].length < CacheLines.FIRST + length) {
        buffers[slot] = new float[CacheLines.FIRST + length];
      }
      return buffers[slot];
    }
  }

  /** A part of the work. */
  interface Stretch {
    void run(int from, int to, Hand hand);
  }

  private final List<Hand> hands = new ArrayList<>();
  private int threads = 1;

  /** Takes over how many threads there are now. */
  void begin() {
    threads = Workers.threads();
    while (hands.size() < threads) {
      hands.add(new Hand());
    }
  }

  /** Returns how many threads share the work. */
  int threads() {
    return threads;
  }

  /** Returns how many parts of any work there are at most. */
  int parts() {
    return threads == 1 ? 1 : threads * CUTS.length;
  }

  /**
   * Returns how many parts there are of work of which each part adds up {@code floats} floats of
   * its own: where these are many, no more than threads.
   */
  int parts(int floats) {
    return floats < MANY_FLOATS ? parts() : threads;
  }

  /** Runs {@code action} on stretches that together are 0 to before {@code count}. */
  void share(int count, Stretch action) {
    share(count, parts(), action);
  }

  /** Does what {@link #share(int, Stretch)} does with {@code most} parts at most. */
  void share(int count, int most, Stretch action) {
    int parts = Math.max(1, Math.min(most, count));
    int sharing = Math.min(threads, parts);
    // The next part of each thread's share.
    AtomicInteger[] next = new AtomicInteger[sharing];
    Arrays.setAll(next, thread -> new AtomicInteger(parts * thread / sharing));
    Workers.run(
        sharing,
        thread -> {
          Hand hand = hands.get(thread);
          for (int i = 0; i < sharing; i++) {
            int owner = (thread + i) % sharing;
            int end = parts * (owner + 1) / sharing;
            for (int part = next[owner].getAndIncrement();
                part < end;
                part = next[owner].getAndIncrement()) {
              hand.part = part;
              action.run(
                  cut(count, part, parts, sharing), cut(count, part + 1, parts, sharing), hand);
            }
          }
        });
  }

  /** Returns where part {@code part} of {@code count} pieces begins. */
  private static int cut(int count, int part, int parts, int sharing) {
    if (parts != sharing * CUTS.length) {
      return (int) ((long) count * part / parts);
    }
    long hundredths = part / CUTS.length * 100L + CUTS[part % CUTS.length];
    return (int) (count * hundredths / (100L * sharing));
  }
}
