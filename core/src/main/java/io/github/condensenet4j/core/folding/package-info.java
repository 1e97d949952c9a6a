/**
 * Condensed networks made ready to compute with: normalisations folded, indices checked, layers as
 * group convolutions or as dense ones with zeros.
 *
 * <p>Plain arrays without any library's types, for whoever computes them: the engine, ONNX graphs,
 * peers in benchmarks. Start reading at {@link
 * io.github.condensenet4j.core.folding.LearnedConvolution}.
 */
package io.github.condensenet4j.core.folding;
