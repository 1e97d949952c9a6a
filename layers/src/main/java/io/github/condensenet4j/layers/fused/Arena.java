package io.github.condensenet4j.layers.fused;

import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory that is given out and taken back like a stack, from large arrays that all layers of the
 * process share: what one layer's backward pass no longer needs serves the next one's.
 */
final class Arena {

  /**
   * Floats of a chunk at most, unless a slot is larger: a little less than 4 MiB, so that a heap
   * region holds one with its header. It is made for a whole number of slots.
   */
  private static final int CHUNK = (1 << 20) - 1024;

  /**
   * Floats between two rows beyond their length: rows of a power of two would else compete for the
   * same lines of the caches.
   */
  private static final int STAGGER = CacheLines.FLOATS;

  private static final List<SoftReference<float[]>> FREE = new ArrayList<>();

  private final int granularity;
  private final List<float[]> chunks = new ArrayList<>();
  private int used;
  private final List<long[]> states = new ArrayList<>();

  /** Creates an arena whose slots are whole multiples of {@code granularity} floats. */
  Arena(int granularity) {
    this.granularity = granularity;
  }

  /** Returns a slot with undefined content, with space up to the next whole multiple. */
  FeatureRow take(int length) {
    int size = (length + granularity - 1) / granularity * granularity + STAGGER;
    states.add(new long[] {chunks.size(), used});
    float[] last = chunks.isEmpty() ? null : chunks.get(chunks.size() - 1);
    if (last == null || used + size > last.length) {
      chunks.add(chunk(size));
      used = CacheLines.FIRST;
    }
    FeatureRow slot = new FeatureRow(chunks.get(chunks.size() - 1), used);
    used += size;
    return slot;
  }

  /** Returns the place up to which memory is taken, for {@link #release}. */
  int mark() {
    return states.size();
  }

  /** Takes the slots back that were given out since {@code mark}. */
  void release(int mark) {
    if (mark >= states.size()) {
      return;
    }
    long[] state = states.get(mark);
    states.subList(mark, states.size()).clear();
    List<float[]> unused = chunks.subList((int) state[0], chunks.size());
    giveBack(unused);
    unused.clear();
    used = (int) state[1];
  }

  /**
   * Takes the slots back that were given out between two marks, as far as their chunks hold no
   * others; later ones stay.
   */
  void giveBack(int from, int to) {
    if (to == states.size()) {
      release(from);
      return;
    }
    int first = (int) states.get(from)[0];
    int end = (int) states.get(to)[0] - 1;
    if (first < end) {
      giveBack(chunks.subList(first, end));
    }
  }

  private static float[] chunk(int size) {
    synchronized (FREE) {
      FREE.removeIf(chunk -> chunk.get() == null);
      int best = -1;
      int leastLost = Integer.MAX_VALUE;
      for (int i = FREE.size() - 1; i >= 0; i--) {
        float[] chunk = FREE.get(i).get();
        if (chunk != null && lost(chunk, size) < leastLost) {
          best = i;
          leastLost = lost(chunk, size);
        }
      }
      float[] chunk = best < 0 ? null : FREE.remove(best).get();
      return chunk != null ? chunk : new float[CacheLines.FIRST + size * Math.max(1, CHUNK / size)];
    }
  }

  /** Returns the floats that stay unused if a chunk holds slots of {@code size}. */
  private static int lost(float[] chunk, int size) {
    int length = chunk.length - CacheLines.FIRST;
    return length < size ? Integer.MAX_VALUE : length % size;
  }

  private static void giveBack(List<float[]> unused) {
    synchronized (FREE) {
      for (int i = unused.size() - 1; i >= 0; i--) {
        float[] chunk = unused.set(i, null);
        if (chunk != null) {
          FREE.add(new SoftReference<>(chunk));
        }
      }
    }
  }
}
