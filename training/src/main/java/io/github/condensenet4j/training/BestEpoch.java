package io.github.condensenet4j.training;

/**
 * The epoch whose network classified best.
 *
 * @param epoch its number
 * @param top1 percentage of validation images, 0 to 100
 */
record BestEpoch(int epoch, double top1) {}
