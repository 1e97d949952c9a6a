package io.github.condensenet4j.training;

/**
 * The epoch whose network classified best.
 *
 * @param epoch its number
 * @param value what {@link Validation#metric} says of it
 */
record BestEpoch(int epoch, double value) {}
