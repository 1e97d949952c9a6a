/**
 * The trained model {@code cdnv2_110-cifar10}: its card, its two model files, and the class by
 * which they are found on the class path.
 *
 * <p>Nothing is computed here. Start reading at {@code README.md} among the resources.
 */
package io.github.condensenet4j.weights.cdnv2110cifar10;
