/**
 * Tensors with names, as they come from and go to files: values, not a computing library.
 *
 * <p>Computing happens on ND4J arrays or in kernels, which copy in and out of these. Start reading
 * at {@link io.github.condensenet4j.core.tensor.StateDict}.
 */
package io.github.condensenet4j.core.tensor;
