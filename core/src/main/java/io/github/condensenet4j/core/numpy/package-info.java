/**
 * Arrays in numpy's own files, {@code .npy} and {@code .npz}, as tensors.
 *
 * <p>Only plain numbers are read, never Python objects. Start reading at {@link
 * io.github.condensenet4j.core.numpy.NpzFile}.
 */
package io.github.condensenet4j.core.numpy;
