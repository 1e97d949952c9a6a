/**
 * How good answers are: accuracy, cross-entropy, and their means over many images.
 *
 * <p>Works on plain arrays of scores; whoever computes them lives elsewhere. Start reading at
 * {@link io.github.condensenet4j.core.metrics.ClassificationMetrics}.
 */
package io.github.condensenet4j.core.metrics;
