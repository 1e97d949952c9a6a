package io.github.condensenet4j.layers.arithmetic;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The arrays that matrices are made of, given out and back like a stack and used again. */
final class ArrayPool {

  /** Arrays by length, which no matrix uses. */
  private final Map<Integer, ArrayDeque<float[]>> free = new HashMap<>();

  private final List<float[]> taken = new ArrayList<>();

  /** Returns an array with undefined content. */
  float[] take(int length) {
    ArrayDeque<float[]> unused = free.get(length);
    float[] array = unused == null || unused.isEmpty() ? new float[length] : unused.pop();
    taken.add(array);
    return array;
  }

  /** Returns the place up to which arrays are taken, for {@link #release}. */
  int mark() {
    return taken.size();
  }

  /** Gives the arrays back that were taken since {@code mark}. */
  void release(int mark) {
    giveBack(mark, taken.size());
    taken.subList(mark, taken.size()).clear();
  }

  /** Gives the arrays back that were taken between two marks; later ones stay. */
  void giveBack(int from, int to) {
    for (int i = to - 1; i >= from; i--) {
      float[] array = taken.set(i, null);
      if (array != null) {
        free.computeIfAbsent(array.length, length -> new ArrayDeque<>()).push(array);
      }
    }
  }
}
