package io.github.condensenet4j.kernels.resampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds both operations of every implementation against their formula, over awkward sizes. */
class ResamplingKernelsTest {

  static Stream<Arguments> cases() {
    List<Named<ResamplingKernels>> all = new ArrayList<>();
    all.add(Named.of("plain", ResamplingProvider.plain()));
    ResamplingProvider.simd().ifPresent(simd -> all.add(Named.of(simd.description(), simd)));
    int[][] sizes = {{1, 1, 1, 1}, {3, 1, 2, 2}, {7, 5, 3, 4}, {16, 13, 8, 7}, {33, 9, 17, 1}};
    return all.stream()
        .flatMap(
            kernels ->
                Arrays.stream(sizes).map(s -> Arguments.of(kernels, s[0], s[1], s[2], s[3])));
  }

  private static Taps taps(int inputs, int outputs, int count, Random random) {
    int[] firsts = random.ints(outputs, 0, inputs - count + 1).sorted().toArray();
    int[] weights = new int[outputs * count];
    for (int i = 0; i < weights.length; i++) {
      // From far below 0 to far above 1, so that sums have to be clamped.
      weights[i] = random.nextInt(1 << 23) - (1 << 21);
    }
    return new Taps(firsts, count, weights);
  }

  private static int mean(int sum) {
    return Math.max(0, Math.min(255, (sum + (1 << 21)) >> 22));
  }

  @ParameterizedTest(name = "{0}: {1} inputs, {2} rows, {3} outputs of {4}")
  @MethodSource("cases")
  void alongRows(ResamplingKernels kernels, int inputs, int rows, int outputs, int count) {
    Random random = new Random(inputs);
    Taps taps = taps(inputs, outputs, Math.min(count, inputs), random);
    int stride = 3 * inputs + 5;
    byte[] in = new byte[11 + rows * stride];
    random.nextBytes(in);
    int[] out = new int[rows * outputs];

    kernels.alongRows(in, PixelColour.RGB, 11, stride, rows, taps, out);

    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < outputs; x++) {
        for (int channel = 0; channel < 3; channel++) {
          int sum = 0;
          for (int i = 0; i < taps.count(); i++) {
            int at = 11 + y * stride + 3 * (taps.firsts()[x] + i) + channel;
            sum += (in[at] & 0xff) * taps.weights()[x * taps.count() + i];
          }
          assertThat((out[y * outputs + x] >> (8 * channel)) & 0xff).isEqualTo(mean(sum));
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}: {1} inputs, {2} rows, {3} outputs of {4}")
  @MethodSource("cases")
  void makesColoursOnTheWay(
      ResamplingKernels kernels, int inputs, int rows, int outputs, int count) {
    Random random = new Random(inputs);
    Taps taps = taps(inputs, outputs, Math.min(count, inputs), random);
    byte[] ycc = new byte[3 * rows * inputs];
    random.nextBytes(ycc);
    byte[] rgb = ycc.clone();
    YccColour.toRgb(rgb, 3, rows * inputs);
    int[] out = new int[rows * outputs];
    int[] expected = new int[rows * outputs];

    kernels.alongRows(ycc, PixelColour.YCC, 0, 3 * inputs, rows, taps, out);
    kernels.alongRows(rgb, PixelColour.RGB, 0, 3 * inputs, rows, taps, expected);

    assertThat(out).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}: {1} inputs of {2} pixels, {3} outputs of {4}")
  @MethodSource("cases")
  void alongColumns(ResamplingKernels kernels, int inputs, int width, int outputs, int count) {
    Random random = new Random(inputs);
    Taps taps = taps(inputs, outputs, Math.min(count, inputs), random);
    int rows = taps.endInput() - taps.firstInput();
    int[] in = random.ints(rows * width + ResamplingKernels.PADDING, 0, 1 << 24).toArray();
    int[] out = new int[outputs * width + ResamplingKernels.PADDING];

    kernels.alongColumns(in, width, taps, out);

    for (int y = 0; y < outputs; y++) {
      for (int i = 0; i < 3 * width; i++) {
        int sum = 0;
        for (int k = 0; k < taps.count(); k++) {
          int row = taps.firsts()[y] - taps.firstInput() + k;
          sum +=
              ((in[row * width + i / 3] >> (8 * (i % 3))) & 0xff)
                  * taps.weights()[y * taps.count() + k];
        }
        assertThat((out[y * width + i / 3] >> (8 * (i % 3))) & 0xff).isEqualTo(mean(sum));
      }
    }
  }

  static Stream<Arguments> widths() {
    return cases()
        .map(c -> c.get()[0])
        .distinct()
        .flatMap(
            kernels -> Stream.of(1, 15, 16, 17, 224).map(width -> Arguments.of(kernels, width)));
  }

  @ParameterizedTest(name = "{0}: {1} pixels")
  @MethodSource("widths")
  void sumsOfPixelsAreExactOrDoubtful(ResamplingKernels kernels, int width) {
    Random random = new Random(width);
    int length = PixelSums.length(width);
    int[] pixels = random.ints(99, 0, 1 << 24).toArray();
    int[] shifted = new int[pixels.length + 2];
    System.arraycopy(pixels, 0, shifted, 2, pixels.length);
    int[] centre = new int[length];
    double[][] exact = new double[3][length];
    PixelSums sums = new PixelSums(width);
    for (int tap = 0; tap < 3; tap++) {
      int[] at = random.ints(length, 0, pixels.length).toArray();
      float[] across = new float[length];
      float[] down = new float[length];
      for (int i = 0; i < length; i++) {
        // Up to twice the range on both sides, and often whole numbers.
        across[i] = random.nextInt(9) / 4f - 1;
        down[i] = random.nextInt(4) == 0 ? 1 : random.nextFloat();
        if (i % 5 == 0) {
          at[i] = 7;
        }
        centre[i] = i % 5 == 0 ? pixels[7] : pixels[at[i]] ^ 1;
        for (int channel = 0; channel < 3; channel++) {
          int sample = (pixels[at[i]] >> (8 * channel)) & 0xff;
          exact[channel][i] += (double) across[i] * down[i] * sample;
        }
      }
      kernels.addTap(shifted, 2, at, across, down, centre, sums);
    }
    int[] out = new int[length];

    kernels.toPixels(sums, centre, out);

    for (int i = 0; i < length; i++) {
      if (i % 5 == 0) {
        assertThat(out[i]).isEqualTo(pixels[7]);
        continue;
      }
      boolean isDoubtful = false;
      boolean isBorderline = false;
      int expected = 0;
      for (int channel = 0; channel < 3; channel++) {
        double sum = exact[channel][i];
        double distance = Math.abs(sum - Math.rint(sum));
        // Rounding may decide either way.
        isBorderline |= Math.abs(distance - PixelSums.DOUBT) < 1e-3;
        isDoubtful |= distance < PixelSums.DOUBT;
        expected |= Math.max(0, Math.min(255, (int) sum)) << (8 * channel);
      }
      if (!isBorderline) {
        assertThat((out[i] & PixelSums.DOUBTFUL) != 0).isEqualTo(isDoubtful);
      }
      if ((out[i] & PixelSums.DOUBTFUL) == 0) {
        assertThat(out[i]).isEqualTo(expected);
      }
    }
  }

  @ParameterizedTest(name = "{0}: {1} pixels")
  @MethodSource("widths")
  void normalizesToTheBit(ResamplingKernels kernels, int count) {
    int[] pixels = new Random(count).ints(count, 0, 1 << 24).toArray();
    for (int shift = 0; shift <= 16; shift += 8) {
      float[] out = new float[count + 2];
      kernels.normalize(pixels, count, shift, 0.485f, 0.229f, out, 1);
      for (int i = 0; i < count; i++) {
        float sample = (pixels[i] >> shift) & 0xff;
        assertThat(out[1 + i]).isEqualTo((sample / 255f - 0.485f) / 0.229f);
      }
      assertThat(out[0]).isZero();
      assertThat(out[count + 1]).isZero();
    }
  }
}
