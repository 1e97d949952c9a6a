/**
 * What the layers compute: parameters, function and gradients of each part, once for the layer that
 * stands alone and for the dense block that contains it.
 *
 * <p>Units know nothing of Deeplearning4j's layers, and do their arithmetic through {@link
 * io.github.condensenet4j.layers.arithmetic.Arithmetic} alone. Inner workings of this module, not
 * an interface for others. Start reading at {@link io.github.condensenet4j.layers.unit.Unit}.
 */
package io.github.condensenet4j.layers.unit;
