package io.github.condensenet4j.layers.fused;

import io.github.condensenet4j.layers.arithmetic.Workers;
import java.util.ArrayList;
import java.util.List;

/** Cuts work into one stretch for each thread, always in the same places. */
final class Crew {

  /** What one thread works with alone. */
  static final class Hand {

    private final int part;
    private float[][] buffers = new float[8][];

    private Hand(int part) {
      this.part = part;
    }

    /** Returns which stretch of the work this thread does, from 0. */
    int part() {
      return part;
    }

    /** Returns buffer number {@code slot}, at least {@code length} floats, with any content. */
    float[] buffer(int slot, int length) {
      if (buffers[slot] == null || buffers[slot].length < length) {
        buffers[slot] = new float[length];
      }
      return buffers[slot];
    }
  }

  /** A stretch of the work. */
  interface Stretch {
    void run(int from, int to, Hand hand);
  }

  private final List<Hand> hands = new ArrayList<>();
  private int parts = 1;

  /** Takes over how many threads there are now. */
  void begin() {
    parts = Workers.threads();
    while (hands.size() < parts) {
      hands.add(new Hand(hands.size()));
    }
  }

  /** Returns how many threads share the work. */
  int parts() {
    return parts;
  }

  /** Runs {@code action} on stretches that together are 0 to before {@code count}. */
  void share(int count, Stretch action) {
    int used = Math.max(1, Math.min(parts, count));
    Workers.run(
        used,
        part ->
            action.run(
                (int) ((long) count * part / used),
                (int) ((long) count * (part + 1) / used),
                hands.get(part)));
  }
}
