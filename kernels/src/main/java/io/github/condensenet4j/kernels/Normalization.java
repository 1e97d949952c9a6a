package io.github.condensenet4j.kernels;

/**
 * Scale, shift and non-linearity of rows: row {@code r} becomes {@code f(scale[r] · x + shift[r])}.
 *
 * <p>The arrays are shared, not copied; nobody may change them afterwards.
 *
 * @param scale factor of each row
 * @param shift what is added to each row
 * @param nonlinearity {@code f}
 */
@SuppressWarnings(
    "ArrayRecordComponent") // Read in inner loops; copies would cost more than they guard.
public record Normalization(float[] scale, float[] shift, Nonlinearity nonlinearity) {

  /** Checks that every row has both numbers. */
  public Normalization {
    if (scale.length != shift.length) {
      throw new IllegalArgumentException(
          scale.length + " scales but " + shift.length + " shifts; each row needs both");
    }
  }
}
