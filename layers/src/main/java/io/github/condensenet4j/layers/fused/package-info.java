/**
 * The arithmetic of single precision on the CPU where there is SIMD: rows of floats in an arena,
 * steps of a layer fused so that a row passes through the caches once, and only connections that
 * are kept computed.
 *
 * <p>Inner workings of this module, not an interface for others; the loops themselves are in {@code
 * kernels.training}. Start reading at {@link io.github.condensenet4j.layers.fused.FusedArithmetic}.
 */
package io.github.condensenet4j.layers.fused;
