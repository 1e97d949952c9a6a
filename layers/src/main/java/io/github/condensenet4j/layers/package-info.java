/**
 * Deeplearning4j layers of CondenseNet and CondenseNetV2.
 *
 * <p>The configurations are public and each can stand in anyone's {@code ComputationGraph}: {@link
 * io.github.condensenet4j.layers.DenseBlock} is what the networks are made of, the others are its
 * parts. Which network a layer is part of is not known here. Start reading at {@link
 * io.github.condensenet4j.layers.CondenseNetLayer}.
 */
package io.github.condensenet4j.layers;
