package io.github.condensenet4j.kernels.resampling;

import java.util.Arrays;

/** Plain loops; the compiler makes vectors of the sums over columns. */
final class ScalarResampling implements ResamplingKernels {

  private static final int WEIGHT_BITS = 22;
  private static final int HALF = 1 << (WEIGHT_BITS - 1);

  @Override
  public String description() {
    return "plain loops";
  }

  @Override
  public void alongRows(byte[] in, int from, int stride, int rows, Taps taps, int[] out) {
    int at = 0;
    for (int y = 0; y < rows; y++) {
      at = alongRow(in, from + y * stride, taps, out, at);
    }
  }

  private static int alongRow(byte[] in, int row, Taps taps, int[] out, int to) {
    int[] weights = taps.weights();
    int at = to;
    for (int x = 0; x < taps.outputs(); x++, at += PIXEL) {
      int red = HALF;
      int green = HALF;
      int blue = HALF;
      int from = row + 3 * taps.firsts()[x];
      int end = (x + 1) * taps.count();
      int i = x * taps.count();
      // Two at a time: a filter has few taps, and each turn of a loop costs.
      for (; i + 1 < end; i += 2, from += 6) {
        int weight = weights[i];
        int next = weights[i + 1];
        red += (in[from] & 0xff) * weight + (in[from + 3] & 0xff) * next;
        green += (in[from + 1] & 0xff) * weight + (in[from + 4] & 0xff) * next;
        blue += (in[from + 2] & 0xff) * weight + (in[from + 5] & 0xff) * next;
      }
      if (i < end) {
        red += (in[from] & 0xff) * weights[i];
        green += (in[from + 1] & 0xff) * weights[i];
        blue += (in[from + 2] & 0xff) * weights[i];
      }
      out[at] = clip(red);
      out[at + 1] = clip(green);
      out[at + 2] = clip(blue);
    }
    return at;
  }

  @Override
  public void alongColumns(int[] in, int width, Taps taps, byte[] out) {
    int[] sums = new int[width * PIXEL];
    for (int y = 0; y < taps.outputs(); y++) {
      Arrays.fill(sums, HALF);
      int from = (taps.firsts()[y] - taps.firstInput()) * sums.length;
      for (int i = 0; i < taps.count(); i++, from += sums.length) {
        int weight = taps.weights()[y * taps.count() + i];
        if (weight != 0) {
          addScaled(in, from, weight, sums);
        }
      }
      pack(sums, out, 3 * y * width);
    }
  }

  private static void addScaled(int[] in, int from, int weight, int[] sums) {
    for (int x = 0; x < sums.length; x++) {
      sums[x] += in[from + x] * weight;
    }
  }

  private static void pack(int[] sums, byte[] out, int to) {
    int at = to;
    for (int from = 0; from < sums.length; from += PIXEL, at += 3) {
      out[at] = (byte) clip(sums[from]);
      out[at + 1] = (byte) clip(sums[from + 1]);
      out[at + 2] = (byte) clip(sums[from + 2]);
    }
  }

  private static int clip(int sum) {
    return Math.max(0, Math.min(255, sum >> WEIGHT_BITS));
  }
}
