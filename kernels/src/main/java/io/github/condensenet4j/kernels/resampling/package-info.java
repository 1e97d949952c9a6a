/**
 * The hot loops of resizing pictures, on whole numbers: plain loops, and SIMD on {@code
 * jdk.incubator.vector} where that module is loaded.
 *
 * <p>Start reading at {@link io.github.condensenet4j.kernels.resampling.ResamplingKernels}; {@link
 * io.github.condensenet4j.kernels.resampling.ResamplingProvider} picks an implementation.
 */
package io.github.condensenet4j.kernels.resampling;
