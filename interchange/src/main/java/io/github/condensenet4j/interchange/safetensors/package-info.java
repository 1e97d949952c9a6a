/**
 * Tensors by name in the safetensors format, with every limit of the format enforced.
 *
 * <p>What the tensors mean is not known here. Start with {@link
 * io.github.condensenet4j.interchange.safetensors.SafetensorsFile}.
 */
package io.github.condensenet4j.interchange.safetensors;
