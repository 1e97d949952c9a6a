package io.github.condensenet4j.kernels.resampling;

/**
 * The inputs under a filter, and their weights, for a run of outputs.
 *
 * @param firsts the first input of each output, never falling
 * @param count inputs of each output; some may have a weight of 0
 * @param weights {@code [outputs][count]}, multiples of 2^-22: those of an output sum up to about 1
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record Taps(int[] firsts, int count, int[] weights) {

  /** Returns the number of outputs. */
  public int outputs() {
    return firsts.length;
  }

  /** Returns the first input that any output needs. */
  public int firstInput() {
    return firsts[0];
  }

  /** Returns the input after the last one that any output needs. */
  public int endInput() {
    return firsts[firsts.length - 1] + count;
  }
}
