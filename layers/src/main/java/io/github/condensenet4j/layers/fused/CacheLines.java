package io.github.condensenet4j.layers.fused;

/**
 * Where the lines of the cache begin in arrays. A vector of 512 bits that lies across two lines
 * takes two accesses; kernels that load or store about as often as they multiply are slower by a
 * fifth to a third then.
 *
 * <p>Java's arrays have 16 bytes before their first number, and begin on any multiple of 8 bytes
 * unless it is started with {@code -XX:ObjectAlignmentInBytes=64}. Without that these are numbers
 * like any others.
 */
final class CacheLines {

  /** Floats of a line. */
  static final int FLOATS = 16;

  /** The first float of an array that begins a line. */
  static final int FIRST = 12;

  /** No sum of features; it keeps the compiler from leaving the reading out. */
  private static final float NEVER = -0x1.fedcbap127f;

  @SuppressWarnings("UnusedVariable") // written, so that the reading counts as needed
  private static boolean wasMet;

  private CacheLines() {}

  /** Returns {@code floats}, rounded up to whole lines. */
  static int whole(int floats) {
    return (floats + FLOATS - 1) / FLOATS * FLOATS;
  }

  /**
   * Reads one number of each line of the next {@code n} numbers. A processor waits for memory far
   * less when it asks for line after line than when each comes with what is computed from it:
   * kernels of some twenty instructions a vector read 14 GB/s where reading alone reaches 40, and
   * reading first and computing then 20.
   */
  static void fetch(float[] array, int at, int n) {
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    int end = at + n;
    int i = at;
    for (; i < end - 3 * FLOATS; i += 4 * FLOATS) {
      sum0 += array[i];
      sum1 += array[i + FLOATS];
      sum2 += array[i + 2 * FLOATS];
      sum3 += array[i + 3 * FLOATS];
    }
    for (; i < end; i += FLOATS) {
      sum0 += array[i];
    }
    if (sum0 + sum1 + (sum2 + sum3) == NEVER) {
      wasMet = true;
    }
  }

  /** Does so for the columns from {@code first} on of some rows. */
  static void fetch(RowArrays rows, int[] numbers, int first, int n) {
    for (int row : numbers) {
      fetch(rows.arrays()[row], rows.at()[row] + first, n);
    }
  }

  /** Returns where row {@code row} begins if the first one begins a line. */
  static int row(int row, int pitch) {
    return FIRST + row * pitch;
  }
}
