/**
 * The networks on libtorch: the operations that the official PyTorch code calls, called through
 * libtorch's own interface, from {@code core}'s description and one set of weights.
 *
 * <p>A program of its own that computes what benchmarks ask it to ({@code peer}); no part of the
 * project's own computing is used or known here. Start reading at {@link
 * io.github.condensenet4j.libtorch.Network}.
 */
package io.github.condensenet4j.libtorch;
