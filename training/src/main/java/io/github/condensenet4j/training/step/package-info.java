/**
 * What happens between one batch and the next: gradients of its parts, penalty, clipping, decay,
 * the optimiser, the moving average and the dropping of connections, on one graph or on several
 * that are averaged.
 *
 * <p>Epochs, files and data sources are not known here. Start reading at {@link
 * io.github.condensenet4j.training.step.Stepper}.
 */
package io.github.condensenet4j.training.step;
