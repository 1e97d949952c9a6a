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
}
