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
   * Does the non-linearity and a mask to one to four rows {@code width} columns wide, which fill
   * vectors. Where there are fewer than four the last one is read several times before it is
   * written.
   *
   * <p>All three in one method, which makes it larger than what the compiler inlines (325 bytes of
   * code): inlined into its caller, vectors were kept in registers or put on the heap depending on
   * which of the two methods was compiled first, and a whole network took a quarter longer in every
   * other run.
   */
  static void finish(
      Nonlinearity nonlinearity,
      float[] y,
      int yAt,
      int[] out,
      int row,
      int rows,
      int width,
      float[] mask,
      int maskAt) {
    int y0 = yAt + out[row];
    int y1 = yAt + out[row + Math.min(1, rows - 1)];
    int y2 = yAt + out[row + Math.min(2, rows - 1)];
    int y3 = yAt + out[row + rows - 1];
    if (nonlinearity == Nonlinearity.RELU) {
      for (int i = 0; i < width; i += LANES) {
        FloatVector factor = FloatVector.fromArray(SPECIES, mask, maskAt + i);
        FloatVector sum0 = FloatVector.fromArray(SPECIES, y, y0 + i);
        FloatVector sum1 = FloatVector.fromArray(SPECIES, y, y1 + i);
        FloatVector sum2 = FloatVector.fromArray(SPECIES, y, y2 + i);
        FloatVector sum3 = FloatVector.fromArray(SPECIES, y, y3 + i);
        relu(sum0).mul(factor).intoArray(y, y0 + i);
        relu(sum1).mul(factor).intoArray(y, y1 + i);
        relu(sum2).mul(factor).intoArray(y, y2 + i);
        relu(sum3).mul(factor).intoArray(y, y3 + i);
      }
    } else if (nonlinearity == Nonlinearity.SIX_HARD_SWISH) {
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
    } else {
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
}
