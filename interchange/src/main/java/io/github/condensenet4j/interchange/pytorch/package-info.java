/**
 * PyTorch checkpoints as named tensors, read without trusting them.
 *
 * <p>A checkpoint is a Python pickle, which is a program. It is run here by a machine that knows a
 * short list of harmless words and builds inert values; whatever else it asks for is refused. What
 * the tensors mean is the zoo's knowledge. Start reading at {@link
 * io.github.condensenet4j.interchange.pytorch.PyTorchCheckpoint}.
 */
package io.github.condensenet4j.interchange.pytorch;
