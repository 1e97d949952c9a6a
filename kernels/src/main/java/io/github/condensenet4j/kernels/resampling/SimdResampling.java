package io.github.condensenet4j.kernels.resampling;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The operations on {@code jdk.incubator.vector}.
 *
 * <p>Along rows a vector holds a pixel of as many rows as fit, one under the other: an output needs
 * inputs at any address, but all rows the same ones. So some rows are first turned into columns and
 * the results turned back; both cost about what the sums do. Along columns a vector is a run of a
 * row.
 */
final class SimdResampling implements ResamplingKernels {

  private static final VectorSpecies<Integer> SPECIES = IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();
  private static final int WEIGHT_BITS = 22;
  private static final int HALF = 1 << (WEIGHT_BITS - 1);

  /** Last bits of floats of this size are units. */
  private static final float UNIT = 0x1p23f;

  private static final int UNIT_BITS = Float.floatToRawIntBits(UNIT);

  /** Half as much again as the smallest float behind which all are whole numbers. */
  private static final float WHOLE = 0x1.8p23f;

  private static final int WHOLE_BITS = Float.floatToRawIntBits(WHOLE);

  /** Public for {@link ResamplingProvider}, which makes it by name. */
  public SimdResampling() {
    if (LANES > PADDING) {
      throw new UnsupportedOperationException(SPECIES + " is not supported");
    }
  }

  @Override
  public String description() {
    return SPECIES.vectorBitSize() + "-bit SIMD";
  }

  @Override
  public void alongRows(
      byte[] in, PixelColour colour, int from, int stride, int rows, Taps taps, int[] out) {
    int pixels = taps.endInput() - taps.firstInput();
    int outputs = taps.outputs();
    int[] columns = new int[pixels * LANES];
    int[] means = new int[outputs * LANES];
    int first = from + 3 * taps.firstInput();
    for (int y = 0; y < rows; y += LANES) {
      int count = Math.min(LANES, rows - y);
      for (int row = 0; row < count; row++) {
        PackedPixels.pack(in, first + (y + row) * stride, pixels, columns, row, LANES);
      }
      if (colour == PixelColour.YCC) {
        toRgb(columns);
      }
      acrossColumns(columns, taps, means);
      for (int row = 0; row < count; row++) {
        takeRow(means, row, out, (y + row) * outputs, outputs);
      }
    }
  }

  /** Does to packed pixels what {@link YccColour} does, in the same arithmetic. */
  private static void toRgb(int[] pixels) {
    for (int at = 0; at < pixels.length; at += LANES) {
      IntVector pixel = IntVector.fromArray(SPECIES, pixels, at);
      IntVector luminance = pixel.and(0xff);
      IntVector cb = pixel.lanewise(VectorOperators.LSHR, 8).and(0xff).sub(128);
      IntVector cr = pixel.lanewise(VectorOperators.LSHR, 16).sub(128);
      IntVector red = cr.mul(YccColour.RED);
      IntVector green = cb.mul(-YccColour.GREEN_CB).sub(cr.mul(YccColour.GREEN_CR));
      IntVector blue = cb.mul(YccColour.BLUE);
      added(luminance, red)
          .or(added(luminance, green).lanewise(VectorOperators.LSHL, 8))
          .or(added(luminance, blue).lanewise(VectorOperators.LSHL, 16))
          .intoArray(pixels, at);
    }
  }

  private static IntVector added(IntVector luminance, IntVector difference) {
    return difference
        .add(YccColour.HALF)
        .lanewise(VectorOperators.ASHR, 16)
        .add(luminance)
        .max(0)
        .min(255);
  }

  private static void acrossColumns(int[] columns, Taps taps, int[] means) {
    int[] firsts = taps.firsts();
    int count = taps.count();
    int origin = taps.firstInput();
    for (int x = 0; x < firsts.length; x++) {
      int at = (firsts[x] - origin) * LANES;
      mean(columns, at, LANES, taps.weights(), x * count, count, means, x * LANES);
    }
  }

  private static void takeRow(int[] means, int row, int[] out, int to, int outputs) {
    for (int x = 0, from = row; x < outputs; x++, from += LANES) {
      out[to + x] = means[from];
    }
  }

  @Override
  public void alongColumns(int[] in, int width, Taps taps, int[] out) {
    int count = taps.count();
    for (int y = 0; y < taps.outputs(); y++) {
      int from = (taps.firsts()[y] - taps.firstInput()) * width;
      // What the last vector of a row has too much, the next row overwrites.
      for (int x = 0; x < width; x += LANES) {
        mean(in, from + x, width, taps.weights(), y * count, count, out, y * width + x);
      }
    }
  }

  /** Computes a vector of means of pixels that are {@code step} ints apart. */
  private static void mean(
      int[] in, int from, int step, int[] weights, int first, int count, int[] out, int to) {
    IntVector red = IntVector.broadcast(SPECIES, HALF);
    IntVector green = red;
    IntVector blue = red;
    int at = from;
    for (int i = first; i < first + count; i++, at += step) {
      IntVector pixel = IntVector.fromArray(SPECIES, in, at);
      IntVector weight = IntVector.broadcast(SPECIES, weights[i]);
      red = pixel.and(0xff).mul(weight).add(red);
      green = pixel.lanewise(VectorOperators.LSHR, 8).and(0xff).mul(weight).add(green);
      blue = pixel.lanewise(VectorOperators.LSHR, 16).mul(weight).add(blue);
    }
    clipped(red)
        .or(clipped(green).lanewise(VectorOperators.LSHL, 8))
        .or(clipped(blue).lanewise(VectorOperators.LSHL, 16))
        .intoArray(out, to);
  }

  private static IntVector clipped(IntVector sum) {
    return sum.lanewise(VectorOperators.ASHR, WEIGHT_BITS).max(0).min(255);
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
    for (int i = 0; i < sums.red.length; i += LANES) {
      IntVector pixel = IntVector.fromArray(SPECIES, pixels, from, at, i);
      pixel.intoArray(sums.tap, i);
      pixel
          .lanewise(VectorOperators.XOR, IntVector.fromArray(SPECIES, centre, i))
          .or(IntVector.fromArray(SPECIES, sums.differences, i))
          .intoArray(sums.differences, i);
      FloatVector.fromArray(FLOATS, across, i)
          .mul(FloatVector.fromArray(FLOATS, down, i))
          .intoArray(sums.weights, i);
    }
    // One loop a channel: the compiler takes only so many operations on vectors into one.
    addChannel(sums.tap, 0, sums.weights, sums.red);
    addChannel(sums.tap, 8, sums.weights, sums.green);
    addChannel(sums.tap, 16, sums.weights, sums.blue);
  }

  private static void addChannel(int[] pixels, int shift, float[] weights, float[] sums) {
    for (int i = 0; i < sums.length; i += LANES) {
      IntVector samples =
          IntVector.fromArray(SPECIES, pixels, i).lanewise(VectorOperators.LSHR, shift).and(0xff);
      floats(samples)
          .fma(FloatVector.fromArray(FLOATS, weights, i), FloatVector.fromArray(FLOATS, sums, i))
          .intoArray(sums, i);
    }
  }

  /** Converts numbers below 2^23, in two operations that take less time than one for it does. */
  private static FloatVector floats(IntVector numbers) {
    return numbers.or(UNIT_BITS).reinterpretAsFloats().sub(UNIT);
  }

  @Override
  public void toPixels(PixelSums sums, int[] centre, int[] out) {
    Arrays.fill(out, 0, sums.red.length, 0);
    cutChannel(sums.red, 0, out);
    cutChannel(sums.green, 8, out);
    cutChannel(sums.blue, 16, out);
    IntVector none = IntVector.zero(SPECIES);
    for (int i = 0; i < sums.red.length; i += LANES) {
      IntVector differences = IntVector.fromArray(SPECIES, sums.differences, i);
      IntVector differing =
          differences.or(none.sub(differences)).lanewise(VectorOperators.ASHR, 31);
      IntVector alike = IntVector.fromArray(SPECIES, centre, i);
      IntVector sum = IntVector.fromArray(SPECIES, out, i);
      sum.lanewise(VectorOperators.XOR, alike)
          .and(differing)
          .lanewise(VectorOperators.XOR, alike)
          .intoArray(out, i);
    }
  }

  // Without masks and conversions, which take many times as long: signs tell instead.
  private static void cutChannel(float[] sums, int shift, int[] out) {
    for (int i = 0; i < sums.length; i += LANES) {
      FloatVector sum = FloatVector.fromArray(FLOATS, sums, i);
      // Floats of this size are whole numbers, which are their last bits.
      FloatVector rounded = sum.add(WHOLE);
      FloatVector beyond = sum.sub(rounded.sub(WHOLE));
      IntVector below = beyond.reinterpretAsInts().lanewise(VectorOperators.ASHR, 31);
      IntVector near = beyond.abs().sub(PixelSums.DOUBT).reinterpretAsInts();
      IntVector sample = rounded.reinterpretAsInts().sub(WHOLE_BITS).add(below).max(0).min(255);
      sample
          .lanewise(VectorOperators.LSHL, shift)
          .or(near.lanewise(VectorOperators.LSHR, 31).mul(PixelSums.DOUBTFUL))
          .or(IntVector.fromArray(SPECIES, out, i))
          .intoArray(out, i);
    }
  }

  @Override
  public void normalize(
      int[] pixels, int count, int shift, float mean, float std, float[] out, int to) {
    int end = count & -LANES;
    for (int i = 0; i < end; i += LANES) {
      IntVector samples =
          IntVector.fromArray(SPECIES, pixels, i).lanewise(VectorOperators.LSHR, shift).and(0xff);
      floats(samples).div(255f).sub(mean).div(std).intoArray(out, to + i);
    }
    for (int i = end; i < count; i++) {
      out[to + i] = (((pixels[i] >> shift) & 0xff) / 255f - mean) / std;
    }
  }
}
