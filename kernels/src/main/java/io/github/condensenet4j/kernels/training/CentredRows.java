package io.github.condensenet4j.kernels.training;

/**
 * A term for each number of some rows, {@code b · (x[i] − mean) + c}: what is left of the gradient
 * before a normalisation once its sums are known.
 *
 * @param x arrays that hold the rows, by number; the others have one value each
 * @param xAt where the rows begin in them
 */
@SuppressWarnings("ArrayRecordComponent") // views of shared memory, never compared
public record CentredRows(float[][] x, int[] xAt, float[] mean, float[] b, float[] c) {}
