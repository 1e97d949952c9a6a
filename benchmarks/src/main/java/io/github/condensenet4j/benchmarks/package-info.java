/**
 * Measurements: kernels on their own (JMH), and the engine in turn with ONNX Runtime on the same
 * networks and images.
 *
 * <p>Nothing here is published or used by other modules, and no figure decides whether a build
 * passes. Start reading at {@link io.github.condensenet4j.benchmarks.Comparison}.
 */
package io.github.condensenet4j.benchmarks;
