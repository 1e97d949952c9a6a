/**
 * Trained models that lie on the class path: artifacts that carry the weights, the model card and
 * the sums of one network, and how they are found.
 *
 * <p>What is in a model file is {@code core.model}'s, how graphs are made of it the zoo's; nothing
 * is ever fetched from a network. Start reading at {@link
 * io.github.condensenet4j.core.pretrained.PretrainedModels}.
 */
package io.github.condensenet4j.core.pretrained;
