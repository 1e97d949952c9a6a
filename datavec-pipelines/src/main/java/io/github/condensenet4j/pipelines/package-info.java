/**
 * Labelled images for training and evaluation: datasets, augmentation, and iterators that run ahead
 * on their own threads.
 *
 * <p>A dataset ({@link io.github.condensenet4j.pipelines.LabeledImages}) answers for one image at a
 * time; {@link io.github.condensenet4j.pipelines.TrainingBatches} and {@link
 * io.github.condensenet4j.pipelines.EvaluationBatches} make batches of them. Everything random is a
 * function of seed, pass and image, never of threads or of what was drawn before.
 */
package io.github.condensenet4j.pipelines;
