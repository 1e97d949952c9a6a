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
  public void alongRows(
      byte[] in, PixelColour colour, int from, int stride, int rows, Taps taps, int[] out) {
    int first = 3 * taps.firstInput();
    byte[] rgb = new byte[colour == PixelColour.YCC ? 3 * taps.endInput() - first : 0];
    int at = 0;
    for (int y = 0; y < rows; y++) {
      int row = from + y * stride;
      if (colour == PixelColour.YCC) {
        System.arraycopy(in, row + first, rgb, 0, rgb.length);
        YccColour.toRgb(rgb, 3, rgb.length / 3);
        at = alongRow(rgb, -first, taps, out, at);
      } else {
        at = alongRow(in, row, taps, out, at);
      }
    }
  }

  private static int alongRow(byte[] in, int row, Taps taps, int[] out, int to) {
    int[] weights = taps.weights();
    int at = to;
    for (int x = 0; x < taps.outputs(); x++, at++) {
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
      out[at] = packed(red, green, blue);
    }
    return at;
  }

  @Override
  public void alongColumns(int[] in, int width, Taps taps, int[] out) {
    int pixels = (taps.endInput() - taps.firstInput()) * width;
    // Planes and loops of the simplest kind, in which the compiler finds vectors.
    int[] red = new int[pixels];
    int[] green = new int[pixels];
    int[] blue = new int[pixels];
    for (int i = 0; i < pixels; i++) {
      red[i] = in[i] & 0xff;
      green[i] = (in[i] >> 8) & 0xff;
      blue[i] = in[i] >> 16;
    }
    int[][] sums = new int[3][width];
    for (int y = 0; y < taps.outputs(); y++) {
      sum(red, taps, y, sums[0]);
      sum(green, taps, y, sums[1]);
      sum(blue, taps, y, sums[2]);
      for (int x = 0; x < width; x++) {
        out[y * width + x] = packed(sums[0][x], sums[1][x], sums[2][x]);
      }
    }
  }

  private static void sum(int[] plane, Taps taps, int y, int[] sums) {
    Arrays.fill(sums, HALF);
    int from = (taps.firsts()[y] - taps.firstInput()) * sums.length;
    for (int i = 0; i < taps.count(); i++, from += sums.length) {
      int weight = taps.weights()[y * taps.count() + i];
      if (weight != 0) {
        addScaled(plane, from, weight, sums);
      }
    }
  }

  private static void addScaled(int[] in, int from, int weight, int[] sums) {
    for (int x = 0; x < sums.length; x++) {
      sums[x] += in[from + x] * weight;
    }
  }

  @Override
  public void addTap(
      int[] pixels,
      int from,
      int[] at,
      float[] across,
      float[] down,
      int[] centre,
      PixelSums sums) {
    for (int i = 0; i < sums.red.length; i++) {
      int pixel = pixels[from + at[i]];
      float weight = across[i] * down[i];
      sums.red[i] += weight * (pixel & 0xff);
      sums.green[i] += weight * ((pixel >> 8) & 0xff);
      sums.blue[i] += weight * ((pixel >> 16) & 0xff);
      sums.differences[i] |= pixel ^ centre[i];
    }
  }

  @Override
  public void toPixels(PixelSums sums, int[] centre, int[] out) {
    for (int i = 0; i < sums.red.length; i++) {
      float red = sums.red[i];
      float green = sums.green[i];
      float blue = sums.blue[i];
      boolean isDoubtful = isDoubtful(red) || isDoubtful(green) || isDoubtful(blue);
      int pixel = toSample(red) | (toSample(green) << 8) | (toSample(blue) << 16);
      int told = isDoubtful ? pixel | PixelSums.DOUBTFUL : pixel;
      out[i] = sums.differences[i] == 0 ? centre[i] : told;
    }
  }

  private static boolean isDoubtful(float sum) {
    return Math.abs(sum - Math.round(sum)) < PixelSums.DOUBT;
  }

  private static int toSample(float sum) {
    return Math.max(0, Math.min(255, (int) sum));
  }

  private static int packed(int red, int green, int blue) {
    return clip(red) | (clip(green) << 8) | (clip(blue) << 16);
  }

  private static int clip(int sum) {
    return Math.max(0, Math.min(255, sum >> WEIGHT_BITS));
  }

  @Override
  public void normalize(
      int[] pixels, int count, int shift, float mean, float std, float[] out, int to) {
    for (int i = 0; i < count; i++) {
      out[to + i] = (((pixels[i] >> shift) & 0xff) / 255f - mean) / std;
    }
  }
}
