package io.github.condensenet4j.pipelines.augment;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.condensenet4j.core.preprocessing.Interpolation;
import io.github.condensenet4j.images.RgbImage;
import io.github.condensenet4j.kernels.resampling.PixelColour;
import io.github.condensenet4j.kernels.resampling.PixelSums;
import io.github.condensenet4j.kernels.resampling.ResamplingKernels;
import io.github.condensenet4j.kernels.resampling.ResamplingProvider;
import io.github.condensenet4j.kernels.resampling.Taps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds moved pictures in single precision against the same in double precision. */
class AffineMapTest {

  /** Doubts everything, so that all pixels are computed in double precision. */
  private static final class Doubting implements ResamplingKernels {

    @Override
    public String description() {
      return "doubting";
    }

    @Override
    public void alongRows(
        byte[] in, PixelColour colour, int from, int stride, int rows, Taps taps, int[] out) {
      throw new AssertionError("nothing is resized");
    }

    @Override
    public void alongColumns(int[] in, int width, Taps taps, int[] out) {
      throw new AssertionError("nothing is resized");
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
      // Nobody asks for the sums.
    }

    @Override
    public void normalize(
        int[] pixels, int count, int shift, float mean, float std, float[] out, int to) {
      throw new AssertionError("nothing is normalised");
    }

    @Override
    public void toPixels(PixelSums sums, int[] centre, int[] out) {
      Arrays.fill(out, PixelSums.DOUBTFUL);
    }
  }

  static Stream<Arguments> cases() {
    List<ResamplingKernels> all = new ArrayList<>();
    all.add(ResamplingProvider.plain());
    ResamplingProvider.simd().ifPresent(all::add);
    return all.stream()
        .flatMap(
            kernels ->
                Stream.of(Interpolation.BILINEAR, Interpolation.BICUBIC)
                    .map(interpolation -> Arguments.of(kernels, interpolation)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isExact(ResamplingKernels kernels, Interpolation interpolation) {
    double[][] maps = {
      {1, 0.3, 0, 0, 1, 0},
      {1, 0, 0, -0.21, 1, 0},
      {1, 0, 13.25, 0, 1, 0},
      {1, 0, 0, 0, 1, -7},
      {0.5, 0, 0, 0, 0.25, 3},
      {0.96, 0.28, -3.1, -0.28, 0.96, 5.3},
      {0, 1, 0, -1, 0, 31},
    };
    for (int[] size : new int[][] {{1, 1}, {17, 5}, {64, 31}}) {
      for (RgbImage image : images(size[0], size[1])) {
        for (double[] m : maps) {
          AffineMap map = new AffineMap(m[0], m[1], m[2], m[3], m[4], m[5]);
          assertThat(map.apply(image, interpolation, kernels))
              .as("%s of %s", map, image)
              .isEqualTo(map.apply(image, interpolation, new Doubting()));
        }
      }
    }
  }

  /** What lies just before a pixel is not yet that pixel: the reference cuts off. */
  @ParameterizedTest
  @MethodSource("cases")
  void cutsOffJustBeforeAPixel(ResamplingKernels kernels, Interpolation interpolation) {
    byte[] samples = new byte[3 * 8];
    Arrays.fill(samples, 3, samples.length, (byte) 255);
    RgbImage image = new RgbImage(8, 1, samples);
    AffineMap map = new AffineMap(1, 0, 1 - 0x1p-52, 0, 1, 0);

    RgbImage moved = map.apply(image, interpolation, kernels);

    assertThat(moved.sample(0, 0, 0)).isEqualTo(254);
    assertThat(moved.sample(1, 0, 0)).isEqualTo(255);
  }

  /** Noise, few levels with many whole numbers between them, and one colour. */
  private static List<RgbImage> images(int width, int height) {
    Random random = new Random(width);
    byte[] noise = new byte[3 * width * height];
    random.nextBytes(noise);
    byte[] levels = new byte[noise.length];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = (byte) (64 * (noise[i] & 3));
    }
    byte[] plain = new byte[noise.length];
    Arrays.fill(plain, (byte) 200);
    return Stream.of(noise, levels, plain)
        .map(samples -> new RgbImage(width, height, samples))
        .toList();
  }
}
