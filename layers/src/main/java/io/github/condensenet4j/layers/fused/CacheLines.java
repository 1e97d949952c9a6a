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

  private CacheLines() {}

  /** Returns {@code floats}, rounded up to whole lines. */
  static int whole(int floats) {
    return (floats + FLOATS - 1) / FLOATS * FLOATS;
  }

  /** Returns where row {@code row} begins if the first one begins a line. */
  static int row(int row, int pitch) {
    return FIRST + row * pitch;
  }
}
