/**
 * Networks as ONNX graphs, for ONNX Runtime and whatever else reads that format.
 *
 * <p>One network has several graphs that compute the same; {@link
 * io.github.condensenet4j.interchange.onnx.OnnxGraph} names them. Nothing here runs a graph. Start
 * reading at {@link io.github.condensenet4j.interchange.onnx.OnnxExporter}.
 */
package io.github.condensenet4j.interchange.onnx;
