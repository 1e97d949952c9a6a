/**
 * The hot loops of condensed networks on {@code float[]}: one interface, a scalar reference, and
 * SIMD on {@code jdk.incubator.vector} where that module is loaded.
 *
 * <p>Nothing here knows layers or models: operations read and write rows of floats at given
 * addresses, and never allocate. Start reading at {@link io.github.condensenet4j.kernels.Kernels};
 * {@link io.github.condensenet4j.kernels.KernelProvider} picks an implementation.
 */
package io.github.condensenet4j.kernels;
