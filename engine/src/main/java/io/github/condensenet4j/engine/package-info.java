/**
 * Condensed networks compiled to a fixed plan and run on the kernels: for services that only
 * predict.
 *
 * <p>Weights are folded and packed once, memory is laid out once for each size of image, and
 * running a plan is a series of kernel calls on ranges of one array. Neither training nor files are
 * known here. Start reading at {@link io.github.condensenet4j.engine.CompiledModel}.
 */
package io.github.condensenet4j.engine;
