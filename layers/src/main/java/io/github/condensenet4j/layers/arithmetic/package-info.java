/**
 * The operations that units are made of, and the memory that they work on.
 *
 * <p>One interface, {@link io.github.condensenet4j.layers.arithmetic.Arithmetic}, with a formula
 * for each operation. Inner workings of this module, not an interface for others.
 */
package io.github.condensenet4j.layers.arithmetic;
