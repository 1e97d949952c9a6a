package io.github.condensenet4j.layers.fused;

import java.lang.ref.SoftReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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

  /** Unused chunks by their length; the last one given back was the last in use. */
  private static final Map<Integer, Deque<SoftReference<float[]>>> FREE = new TreeMap<>();

  private final int granularity;
  private final List<float[]> chunks = new ArrayList<>();
  private int used;

  /** For each slot given out, the chunks there were before and what was used of the last one. */
  private int[] chunksBefore = new int[256];

  private int[] usedBefore = new int[256];
  private int slots;

  /** Creates an arena whose slots are whole multiples of {@code granularity} floats. */
  Arena(int granularity) {
    this.granularity = granularity;
  }

  /** Returns a slot with undefined content, with space up to the next whole multiple. */
  FeatureRow take(int length) {
    int size = (length + granularity - 1) / granularity * granularity + STAGGER;
    if (slots == chunksBefore.length) {
      chunksBefore = Arrays.copyOf(chunksBefore, 2 * slots);
      usedBefore = Arrays.copyOf(usedBefore, 2 * slots);
    }
    chunksBefore[slots] = chunks.size();
    usedBefore[slots] = used;
    slots++;
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
    return slots;
  }

  /** Takes the slots back that were given out since {@code mark}. */
  void release(int mark) {
    if (mark >= slots) {
      return;
    }
    slots = mark;
    List<float[]> unused = chunks.subList(chunksBefore[mark], chunks.size());
    giveBack(unused);
    unused.clear();
    used = usedBefore[mark];
  }

  /**
   * Takes the slots back that were given out between two marks, as far as their chunks hold no
   * others; later ones stay.
   */
  void giveBack(int from, int to) {
    if (to == slots) {
      release(from);
      return;
    }
    int first = chunksBefore[from];
    int end = chunksBefore[to] - 1;
    if (first < end) {
      giveBack(chunks.subList(first, end));
    }
  }

  private static float[] chunk(int size) {
    synchronized (FREE) {
      while (true) {
        Deque<SoftReference<float[]>> best = null;
        int leastLost = Integer.MAX_VALUE;
        for (Map.Entry<Integer, Deque<SoftReference<float[]>>> free : FREE.entrySet()) {
          int lost = lost(free.getKey(), size);
          if (lost < leastLost && !free.getValue().isEmpty()) {
            best = free.getValue();
            leastLost = lost;
          }
        }
        if (best == null) {
          return new float[CacheLines.FIRST + size * Math.max(1, CHUNK / size)];
        }
        float[] chunk = best.removeLast().get();
        // Java may have taken it.
        if (chunk != null) {
          return chunk;
        }
      }
    }
  }

  /**
   * Returns the floats that stay unused if a chunk of {@code floats} holds slots of {@code size}.
   */
  private static int lost(int floats, int size) {
    int length = floats - CacheLines.FIRST;
    return length < size ? Integer.MAX_VALUE : length % size;
  }

  private static void giveBack(List<float[]> unused) {
    synchronized (FREE) {
      for (int i = unused.size() - 1; i >= 0; i--) {
        float[] chunk = unused.set(i, null);
        if (chunk != null) {
          FREE.computeIfAbsent(chunk.length, length -> new ArrayDeque<>())
              .addLast(new SoftReference<>(chunk));
        }
      }
    }
  }
}
