/**
 * The model file: weights, what they mean and where they come from, in one archive with sums.
 *
 * <p>Networks and graphs are built elsewhere; this package reads and writes the file without ND4J.
 * Start reading at {@link io.github.condensenet4j.core.model.ModelFile}.
 */
package io.github.condensenet4j.core.model;
