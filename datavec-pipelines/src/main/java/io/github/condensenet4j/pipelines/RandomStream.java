package io.github.condensenet4j.pipelines;

import java.util.List;
import java.util.function.Supplier;

/**
 * Random numbers for one purpose: a stream is found by what it is for (seed, pass, image …), so no
 * draw depends on threads or on what was drawn elsewhere.
 *
 * <p>The generator is SplitMix64 (Steele, Lea and Flood, 2014): a counter in steps of the golden
 * ratio, mixed. Written out here because results must stay the same on every Java version.
 */
public final class RandomStream {

  private static final long GOLDEN_RATIO = 0x9e3779b97f4a7c15L;

  private long state;
  private List<String> notes;

  private RandomStream(long state) {
    this.state = state;
  }

  /**
   * Returns the stream of {@code purpose} under {@code seed}; equal arguments, in equal order, give
   * equal streams.
   */
  public static RandomStream of(long seed, long... purpose) {
    long state = mix(seed + GOLDEN_RATIO);
    for (long part : purpose) {
      state = mix((state + GOLDEN_RATIO) ^ mix(part + GOLDEN_RATIO));
    }
    return new RandomStream(state);
  }

  /**
   * Returns another stream that begins here: equal for equal numbers, unlike this one and unlike
   * that of any other number.
   */
  public RandomStream branch(long number) {
    RandomStream branch =
        new RandomStream(mix((state + GOLDEN_RATIO) ^ mix(number + GOLDEN_RATIO)));
    branch.notes = notes;
    return branch;
  }

  /** Returns this stream, which writes what is done with its numbers down in {@code newNotes}. */
  public RandomStream noting(List<String> newNotes) {
    notes = newNotes;
    return this;
  }

  /** Writes {@code what} down, a few words, if anybody wants to know. */
  public void note(Supplier<String> what) {
    if (notes != null) {
      notes.add(what.get());
    }
  }

  /** Returns 64 random bits. */
  public long nextLong() {
    state += GOLDEN_RATIO;
    return mix(state);
  }

  /**
   * Returns a number from 0 to {@code bound - 1}, each equally likely.
   *
   * @param bound at least 1
   */
  public int nextInt(int bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("bound " + bound + " leaves no number");
    }
    // The upper half of a product with 32 random bits; the few low halves that would favour some
    // numbers are drawn again (Lemire, 2019).
    long product = (nextLong() >>> 32) * bound;
    long unfair = (1L << 32) % bound;
    while ((product & 0xffffffffL) < unfair) {
      product = (nextLong() >>> 32) * bound;
    }
    return (int) (product >>> 32);
  }

  /** Returns a number from 0 inclusive to 1 exclusive, a multiple of 2^-53. */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1p-53;
  }

  /** Returns a number from {@code low} to {@code high}. */
  public double nextDouble(double low, double high) {
    return low + (high - low) * nextDouble();
  }

  /**
   * Returns a number from the standard normal distribution (Box and Muller, 1958). In arithmetic
   * that gives the same bits everywhere.
   */
  public double nextGaussian() {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - nextDouble()));
    return radius * StrictMath.cos(2 * Math.PI * nextDouble());
  }

  /**
   * Fills {@code values}, from {@code from} to before {@code to}, with numbers from the standard
   * normal distribution: in pairs (Marsaglia and Bray, 1964), for less than {@link #nextGaussian}
   * takes, and with the same bits everywhere.
   */
  public void fillGaussian(float[] values, int from, int to) {
    for (int i = from; i < to; i += 2) {
      double x;
      double y;
      double square;
      do {
        x = nextDouble(-1, 1);
        y = nextDouble(-1, 1);
        square = x * x + y * y;
      } while (square >= 1 || square == 0);
      double scale = StrictMath.sqrt(-2 * StrictMath.log(square) / square);
      values[i] = (float) (x * scale);
      if (i + 1 < to) {
        values[i + 1] = (float) (y * scale);
      }
    }
  }

  /**
   * Returns a number from Beta(shape, shape): the share that one of two gamma numbers has of both.
   *
   * @param shape above 0
   */
  public double nextBeta(double shape) {
    double first = nextLogGamma(shape);
    double second = nextLogGamma(shape);
    return 1 / (1 + StrictMath.exp(second - first));
  }

  /**
   * Returns the logarithm of a number from Gamma(shape, 1), which itself may be too small for a
   * double (Marsaglia and Tsang, 2000).
   *
   * @param shape above 0
   */
  public double nextLogGamma(double shape) {
    double boosted = shape < 1 ? shape + 1 : shape;
    double boost = shape < 1 ? StrictMath.log(1 - nextDouble()) / shape : 0;
    double d = boosted - 1 / 3.0;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double normal = nextGaussian();
      double v = 1 + c * normal;
      if (v > 0) {
        double cubed = v * v * v;
        double log = StrictMath.log(cubed);
        if (StrictMath.log(1 - nextDouble()) < 0.5 * normal * normal + d - d * cubed + d * log) {
          return boost + StrictMath.log(d) + log;
        }
      }
    }
  }

  /** Returns true or false, equally likely. */
  public boolean nextBoolean() {
    return nextLong() < 0;
  }

  /** Returns the numbers from 0 to {@code size - 1} in random order (Fisher and Yates). */
  public int[] permutation(int size) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int j = nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
