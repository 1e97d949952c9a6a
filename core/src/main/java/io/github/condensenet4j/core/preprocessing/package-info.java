/**
 * How a picture becomes a network's input, as a value that travels with a model.
 *
 * <p>Here is only the description; module {@code images} does the work. Start reading at {@link
 * io.github.condensenet4j.core.preprocessing.Preprocessing}.
 */
package io.github.condensenet4j.core.preprocessing;
