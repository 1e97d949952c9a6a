/**
 * The hot loops of training on {@code float[]}: products with connections that may be dropped,
 * their gradients, and batch normalisation fused around them; a scalar reference and SIMD.
 *
 * <p>Nothing here knows layers, parameters or threads: operations read and write rows of floats and
 * panels of them, and never allocate. Start reading at {@link
 * io.github.condensenet4j.kernels.training.TrainingKernels}; {@link
 * io.github.condensenet4j.kernels.training.TrainingKernelProvider} picks an implementation.
 */
package io.github.condensenet4j.kernels.training;
