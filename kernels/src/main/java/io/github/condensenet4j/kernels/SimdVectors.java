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

  /**
   * Does six times hard-swish and a mask to one to four rows {@code width} columns wide, which fill
   * vectors. Where there are fewer than four the last one is read several times before it is
   * written.
   */
  static void sixHardSwish(
      float[] y, int yAt, int[] out, int row, int rows, int width, float[] mask, int maskAt) {
    int y0 = yAt + out[row];
    int y1 = yAt + out[row + Math.min(1, rows - 1)];
    int y2 = yAt + out[row + Math.min(2, rows - 1)];
    int y3 = yAt + out[row + rows - 1];
    for (int i = 0; i < width; i += LANES) {
      FloatVector factor = FloatVector.fromArray(SPECIES, mask, maskAt + i);
      FloatVector sum0 = FloatVector.fromArray(SPECIES, y, y0 + i);
      FloatVector sum1 = FloatVector.fromArray(SPECIES, y, y1 + i);
      FloatVector sum2 = FloatVector.fromArray(SPECIES, y, y2 + i);
      FloatVector sum3 = FloatVector.fromArray(SPECIES, y, y3 + i);
      sixHardSwish(sum0).mul(factor).intoArray(y, y0 + i);
      sixHardSwish(sum1).mul(factor).intoArray(y, y1 + i);
      sixHardSwish(sum2).mul(factor).intoArray(y, y2 + i);
      sixHardSwish(sum3).mul(factor).intoArray(y, y3 + i);
    }
  }

  /** Likewise does ReLU and the mask. */
  static void relu(
      float[] y, int yAt, int[] out, int row, int rows, int width, float[] mask, int maskAt) {
    int y0 = yAt + out[row];
    int y1 = yAt + out[row + Math.min(1, rows - 1)];
    int y2 = yAt + out[row + Math.min(2, rows - 1)];
    int y3 = yAt + out[row + rows - 1];
    for (int i = 0; i < width; i += LANES) {
      FloatVector factor = FloatVector.fromArray(SPECIES, mask, maskAt + i);
      FloatVector sum0 = FloatVector.fromArray(SPECIES, y, y0 + i);
      FloatVector sum1 = FloatVector.fromArray(SPECIES, y, y1 + i);
      FloatVector sum2 = FloatVector.fromArray(SPECIES, y, y2 + i);
      FloatVector sum3 = FloatVector.fromArray(SPECIES, y, y3 + i);
      sum0.reinterpretAsInts().max(0).reinterpretAsFloats().mul(factor).intoArray(y, y0 + i);
      sum1.reinterpretAsInts().max(0).reinterpretAsFloats().mul(factor).intoArray(y, y1 + i);
      sum2.reinterpretAsInts().max(0).reinterpretAsFloats().mul(factor).intoArray(y, y2 + i);
      sum3.reinterpretAsInts().max(0).reinterpretAsFloats().mul(factor).intoArray(y, y3 + i);
    }
  }

  /** Likewise does the mask alone. */
  static void mask(
      float[] y, int yAt, int[] out, int row, int rows, int width, float[] mask, int maskAt) {
    int y0 = yAt + out[row];
    int y1 = yAt + out[row + Math.min(1, rows - 1)];
    int y2 = yAt + out[row + Math.min(2, rows - 1)];
    int y3 = yAt + out[row + rows - 1];
    for (int i = 0; i < width; i += LANES) {
      FloatVector factor = FloatVector.fromArray(SPECIES, mask, maskAt + i);
      FloatVector sum0 = FloatVector.fromArray(SPECIES, y, y0 + i);
      FloatVector sum1 = FloatVector.fromArray(SPECIES, y, y1 + i);
      FloatVector sum2 = FloatVector.fromArray(SPECIES, y, y2 + i);
      FloatVector sum3 = FloatVector.fromArray(SPECIES, y, y3 + i);
      sum0.mul(factor).intoArray(y, y0 + i);
      sum1.mul(factor).intoArray(y, y1 + i);
      sum2.mul(factor).intoArray(y, y2 + i);
      sum3.mul(factor).intoArray(y, y3 + i);
    }
  }
}
