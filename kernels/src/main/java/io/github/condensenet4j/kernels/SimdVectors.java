package io.github.condensenet4j.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The one kind of vector that all SIMD loops use, and non-linearities of such vectors. */
final class SimdVectors {

  static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  static final int LANES = SPECIES.length();

  /** Bits of 6.0f: the order of non-negative floats is that of their bits. */
  private static final int SIX = Float.floatToRawIntBits(6f);

  private SimdVectors() {}

  // Only with constants: vectors of a number that varies, the compiler may put on the heap in Java
  // 17.
  // Comparing bits is one instruction where comparing floats, with their zeros and not-a-numbers,
  // is a handful.
  static FloatVector relu(FloatVector value) {
    return value.reinterpretAsInts().max(0).reinterpretAsFloats();
  }

  static FloatVector sixHardSwish(FloatVector value) {
    return value.mul(value.add(3f).reinterpretAsInts().max(0).min(SIX).reinterpretAsFloats());
  }

  /** Does the non-linearity to {@code width} columns, which fill vectors. */
  static void activate(Nonlinearity nonlinearity, float[] y, int yAt, int width) {
    if (nonlinearity == Nonlinearity.NONE) {
      return;
    }
    boolean six = nonlinearity == Nonlinearity.SIX_HARD_SWISH;
    for (int i = 0; i < width; i += LANES) {
      FloatVector sum = FloatVector.fromArray(SPECIES, y, yAt + i);
      if (six) {
        sixHardSwish(sum).intoArray(y, yAt + i);
      } else {
        relu(sum).intoArray(y, yAt + i);
      }
    }
  }

  // The three passes below are each larger than what the compiler inlines (325 bytes of code), and
  // have few enough vectors for it to inline what these do (some forty operations). Inlined into a
  // tile's method, which of the two was compiled first decided whether vectors were put on the
  // heap.

  /**
   * Does six times hard-swish and a mask to the rows {@code from} to {@code to} of {@code out},
   * {@code width} columns wide, which fill vectors. What the last four rows or the last two vectors
   * lack is made up by repeating the last one; all are read before any is written.
   */
  static void sixHardSwish(
      float[] y, int yAt, int[] out, int from, int to, int width, float[] mask, int maskAt) {
    for (int row = from; row < to; row += 4) {
      int y0 = yAt + out[row];
      int y1 = yAt + out[row + 1 < to ? row + 1 : to - 1];
      int y2 = yAt + out[row + 2 < to ? row + 2 : to - 1];
      int y3 = yAt + out[row + 3 < to ? row + 3 : to - 1];
      for (int i = 0; i < width; i += LANES) {
        FloatVector factor = FloatVector.fromArray(SPECIES, mask, maskAt + i);
        FloatVector sum0 = FloatVector.fromArray(SPECIES, y, y0 + i);
        FloatVector sum1 = FloatVector.fromArray(SPECIES, y, y1 + i);
        FloatVector sum2 = FloatVector.fromArray(SPECIES, y, y2 + i);
        FloatVector sum3 = FloatVector.fromArray(SPECIES, y, y3 + i);
        sum0.mul(sum0.add(3f).reinterpretAsInts().max(0).min(SIX).reinterpretAsFloats())
            .mul(factor)
            .intoArray(y, y0 + i);
        sum1.mul(sum1.add(3f).reinterpretAsInts().max(0).min(SIX).reinterpretAsFloats())
            .mul(factor)
            .intoArray(y, y1 + i);
        sum2.mul(sum2.add(3f).reinterpretAsInts().max(0).min(SIX).reinterpretAsFloats())
            .mul(factor)
            .intoArray(y, y2 + i);
        sum3.mul(sum3.add(3f).reinterpretAsInts().max(0).min(SIX).reinterpretAsFloats())
            .mul(factor)
            .intoArray(y, y3 + i);
      }
    }
  }

  /** Likewise does ReLU and the mask. */
  static void relu(
      float[] y, int yAt, int[] out, int from, int to, int width, float[] mask, int maskAt) {
    for (int row = from; row < to; row += 4) {
      int y0 = yAt + out[row];
      int y1 = yAt + out[row + 1 < to ? row + 1 : to - 1];
      int y2 = yAt + out[row + 2 < to ? row + 2 : to - 1];
      int y3 = yAt + out[row + 3 < to ? row + 3 : to - 1];
      for (int i = 0; i < width; i += 2 * LANES) {
        int j = Math.min(i + LANES, width - LANES);
        FloatVector factor = FloatVector.fromArray(SPECIES, mask, maskAt + i);
        FloatVector nextFactor = FloatVector.fromArray(SPECIES, mask, maskAt + j);
        FloatVector sum0 = FloatVector.fromArray(SPECIES, y, y0 + i);
        FloatVector sum1 = FloatVector.fromArray(SPECIES, y, y1 + i);
        FloatVector sum2 = FloatVector.fromArray(SPECIES, y, y2 + i);
        FloatVector sum3 = FloatVector.fromArray(SPECIES, y, y3 + i);
        FloatVector next0 = FloatVector.fromArray(SPECIES, y, y0 + j);
        FloatVector next1 = FloatVector.fromArray(SPECIES, y, y1 + j);
        FloatVector next2 = FloatVector.fromArray(SPECIES, y, y2 + j);
        FloatVector next3 = FloatVector.fromArray(SPECIES, y, y3 + j);
        sum0.reinterpretAsInts().max(0).reinterpretAsFloats().mul(factor).intoArray(y, y0 + i);
        sum1.reinterpretAsInts().max(0).reinterpretAsFloats().mul(factor).intoArray(y, y1 + i);
        sum2.reinterpretAsInts().max(0).reinterpretAsFloats().mul(factor).intoArray(y, y2 + i);
        sum3.reinterpretAsInts().max(0).reinterpretAsFloats().mul(factor).intoArray(y, y3 + i);
        next0.reinterpretAsInts().max(0).reinterpretAsFloats().mul(nextFactor).intoArray(y, y0 + j);
        next1.reinterpretAsInts().max(0).reinterpretAsFloats().mul(nextFactor).intoArray(y, y1 + j);
        next2.reinterpretAsInts().max(0).reinterpretAsFloats().mul(nextFactor).intoArray(y, y2 + j);
        next3.reinterpretAsInts().max(0).reinterpretAsFloats().mul(nextFactor).intoArray(y, y3 + j);
      }
    }
  }

  /** Likewise does the mask alone. */
  static void mask(
      float[] y, int yAt, int[] out, int from, int to, int width, float[] mask, int maskAt) {
    for (int row = from; row < to; row += 4) {
      int y0 = yAt + out[row];
      int y1 = yAt + out[row + 1 < to ? row + 1 : to - 1];
      int y2 = yAt + out[row + 2 < to ? row + 2 : to - 1];
      int y3 = yAt + out[row + 3 < to ? row + 3 : to - 1];
      for (int i = 0; i < width; i += 2 * LANES) {
        int j = Math.min(i + LANES, width - LANES);
        FloatVector factor = FloatVector.fromArray(SPECIES, mask, maskAt + i);
        FloatVector nextFactor = FloatVector.fromArray(SPECIES, mask, maskAt + j);
        FloatVector sum0 = FloatVector.fromArray(SPECIES, y, y0 + i);
        FloatVector sum1 = FloatVector.fromArray(SPECIES, y, y1 + i);
        FloatVector sum2 = FloatVector.fromArray(SPECIES, y, y2 + i);
        FloatVector sum3 = FloatVector.fromArray(SPECIES, y, y3 + i);
        FloatVector next0 = FloatVector.fromArray(SPECIES, y, y0 + j);
        FloatVector next1 = FloatVector.fromArray(SPECIES, y, y1 + j);
        FloatVector next2 = FloatVector.fromArray(SPECIES, y, y2 + j);
        FloatVector next3 = FloatVector.fromArray(SPECIES, y, y3 + j);
        sum0.mul(factor).intoArray(y, y0 + i);
        sum1.mul(factor).intoArray(y, y1 + i);
        sum2.mul(factor).intoArray(y, y2 + i);
        sum3.mul(factor).intoArray(y, y3 + i);
        next0.mul(nextFactor).intoArray(y, y0 + j);
        next1.mul(nextFactor).intoArray(y, y1 + j);
        next2.mul(nextFactor).intoArray(y, y2 + j);
        next3.mul(nextFactor).intoArray(y, y3 + j);
      }
    }
  }
}
