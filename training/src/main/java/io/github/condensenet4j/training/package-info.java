/**
 * The training recipe: what happens in a step, an epoch and a run, and how a run is kept and taken
 * up again.
 *
 * <p>A run trains a {@code zoo} graph on {@code pipelines} batches: learning rate, condensation,
 * gradients, optimiser, moving average, in this order at every step. It lives in a folder of its
 * own and can be stopped and resumed at any batch with the same bits as if it had not been. Nothing
 * here knows the command line. Start reading at {@link io.github.condensenet4j.training.Trainer}.
 */
package io.github.condensenet4j.training;
