/**
 * What the papers define, in plain Java, and the exception family of the project.
 *
 * <p>The packages below hold architectures, condensation, tensors, costs and the model file;
 * nothing here knows ND4J, Deeplearning4j, images or the command line. Start reading at {@link
 * io.github.condensenet4j.core.CondenseNetException}, then in the package {@code architecture}.
 */
package io.github.condensenet4j.core;
