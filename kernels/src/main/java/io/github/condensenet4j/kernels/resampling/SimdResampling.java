package io.github.condensenet4j.kernels.resampling;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The operations on {@code jdk.incubator.vector}.
 *
 * <p>Along rows a vector holds a pixel of as many rows as fit, one under the other: an output needs
 * inputs at any address, but all rows the same ones. So some rows are first interleaved, pixel by
 * pixel, and the results taken apart again; both cost less than the sums. Along columns a vector is
 * a run of a row.
 */
final class SimdResampling implements ResamplingKernels {

  private static final VectorSpecies<Integer> SPECIES = IntVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  /** Rows whose pixels fit into a vector. */
  private static final int ROWS = LANES / PIXEL;

  private static final int WEIGHT_BITS = 22;
  private static final int HALF = 1 << (WEIGHT_BITS - 1);

  /** Public for {@link ResamplingProvider}, which makes it by name. */
  public SimdResampling() {
    if (LANES < PIXEL || LANES > PADDING) {
      throw new UnsupportedOperationException(SPECIES + " is not supported");
    }
  }

  @Override
  public String description() {
    return SPECIES.vectorBitSize() + "-bit SIMD";
  }

  @Override
  public void alongRows(byte[] in, int from, int stride, int rows, Taps taps, int[] out) {
    int pixels = taps.endInput() - taps.firstInput();
    int[] interleaved = new int[pixels * LANES];
    int[] means = new int[taps.outputs() * LANES];
    int first = from + 3 * taps.firstInput();
    int outStride = taps.outputs() * PIXEL;
    for (int y = 0; y < rows; y += ROWS) {
      int count = Math.min(ROWS, rows - y);
      for (int row = 0; row < count; row++) {
        interleave(in, first + (y + row) * stride, pixels, interleaved, row * PIXEL);
      }
      alongRow(interleaved, taps, means);
      for (int row = 0; row < count; row++) {
        takeOut(means, row * PIXEL, taps.outputs(), out, (y + row) * outStride);
      }
    }
  }

  private static void interleave(byte[] in, int row, int pixels, int[] interleaved, int first) {
    int from = row;
    int to = first;
    for (int x = 0; x < pixels; x++, from += 3, to += LANES) {
      interleaved[to] = in[from] & 0xff;
      interleaved[to + 1] = in[from + 1] & 0xff;
      interleaved[to + 2] = in[from + 2] & 0xff;
    }
  }

  private static void alongRow(int[] interleaved, Taps taps, int[] means) {
    int[] firsts = taps.firsts();
    int[] weights = taps.weights();
    int count = taps.count();
    int origin = taps.firstInput();
    for (int x = 0; x < firsts.length; x++) {
      IntVector sum = IntVector.broadcast(SPECIES, HALF);
      int at = (firsts[x] - origin) * LANES;
      for (int i = x * count; i < (x + 1) * count; i++, at += LANES) {
        sum = IntVector.fromArray(SPECIES, interleaved, at).mul(weights[i]).add(sum);
      }
      clipped(sum).intoArray(means, x * LANES);
    }
  }

  private static void takeOut(int[] means, int first, int pixels, int[] out, int row) {
    int from = first;
    int to = row;
    for (int x = 0; x < pixels; x++, from += LANES, to += PIXEL) {
      out[to] = means[from];
      out[to + 1] = means[from + 1];
      out[to + 2] = means[from + 2];
    }
  }

  @Override
  public void alongColumns(int[] in, int width, Taps taps, byte[] out) {
    int stride = width * PIXEL;
    int[] means = new int[stride + PADDING];
    for (int y = 0; y < taps.outputs(); y++) {
      int from = (taps.firsts()[y] - taps.firstInput()) * stride;
      alongColumn(in, from, stride, taps.weights(), y * taps.count(), taps.count(), means);
      pack(means, width, out, 3 * y * width);
    }
  }

  private static void alongColumn(
      int[] in, int from, int stride, int[] weights, int weightsAt, int count, int[] means) {
    for (int x = 0; x < stride; x += LANES) {
      IntVector sum = IntVector.broadcast(SPECIES, HALF);
      int at = from + x;
      for (int i = weightsAt; i < weightsAt + count; i++, at += stride) {
        sum = IntVector.fromArray(SPECIES, in, at).mul(weights[i]).add(sum);
      }
      clipped(sum).intoArray(means, x);
    }
  }

  private static IntVector clipped(IntVector sum) {
    return sum.lanewise(VectorOperators.ASHR, WEIGHT_BITS).max(0).min(255);
  }

  private static void pack(int[] means, int pixels, byte[] out, int row) {
    int to = row;
    for (int from = 0; from < pixels * PIXEL; from += PIXEL, to += 3) {
      out[to] = (byte) means[from];
      out[to + 1] = (byte) means[from + 1];
      out[to + 2] = (byte) means[from + 2];
    }
  }
}
