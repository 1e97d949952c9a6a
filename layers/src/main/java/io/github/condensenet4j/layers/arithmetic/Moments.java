package io.github.condensenet4j.layers.arithmetic;

/**
 * Mean and variance of each row.
 *
 * @param mean mean of the row
 * @param variance mean squared distance from the mean (biased)
 */
@SuppressWarnings("ArrayRecordComponent") // a pair of results, never compared
public record Moments(double[] mean, double[] variance) {}
