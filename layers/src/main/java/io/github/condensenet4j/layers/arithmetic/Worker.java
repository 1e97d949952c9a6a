package io.github.condensenet4j.layers.arithmetic;

import java.util.Arrays;

/** What one thread works with alone. */
final class Worker {

  private final int part;
  private final Sums sums = new Sums();
  private final WeightProduct product = new WeightProduct();
  private float[][] arrays = new float[0][];

  /** Creates what the thread of {@code part} works with. */
  Worker(int part) {
    this.part = part;
  }

  /** Returns the part of the work that this thread does. */
  int part() {
    return part;
  }

  Sums sums() {
    return sums;
  }

  WeightProduct product() {
    return product;
  }

  /** Returns {@code count} arrays, or more, of at least {@code length}. */
  float[][] scratch(int count, int length) {
    if (arrays.length < count) {
      arrays = Arrays.copyOf(arrays, count);
    }
    for (int i = 0; i < count; i++) {
      if (arrays[i] == null || arrays[i].length < length) {
        arrays[i] = new float[length];
      }
    }
    return arrays;
  }
}
