package io.github.condensenet4j.layers.arithmetic;

/**
 * Which numbers dropout keeps, as a pure function of a seed and of the place of the number.
 *
 * <p>Nothing is drawn from a stream, so the same step of the same layer drops the same numbers
 * whatever ran before: an interrupted and resumed training equals one that was not interrupted.
 *
 * @param rate probability of being dropped, 0 to below 1
 * @param seed seed of this layer at this step
 */
public record Dropout(double rate, long seed) {

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  /** Returns 0 for a dropped number, else {@code 1 / (1 − rate)}. */
  public float factor(int row, int column) {
    long place = ((long) row << 32) | (column & 0xFFFFFFFFL);
    // The upper 53 bits of the hash are a uniform number in [0, 1).
    double uniform = (mix(seed + GOLDEN * mix(place)) >>> 11) * 0x1.0p-53;
    return uniform < rate ? 0f : (float) (1 / (1 - rate));
  }

  /** Returns a seed for {@code step} of the part of a network that {@code name} stands for. */
  public static long seed(long base, String name, long step) {
    return mix(mix(base ^ name.hashCode() * GOLDEN) + step);
  }

  /** Mixes the bits of {@code value} (finaliser of the SplitMix64 generator). */
  private static long mix(long value) {
    long z = value + GOLDEN;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
