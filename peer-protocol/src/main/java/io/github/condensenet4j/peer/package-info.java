/**
 * How benchmarks and the processes that they compare talk: lines of JSON over standard input and
 * output.
 *
 * <p>A library that cannot live in the process of the benchmark, or whose memory is measured, runs
 * in one of its own; what such a library computes with is not known here. Start reading at {@link
 * io.github.condensenet4j.peer.PeerTask}, then {@link io.github.condensenet4j.peer.PeerProcess},
 * the benchmark's end, and {@link io.github.condensenet4j.peer.PeerServer}, the other one.
 */
package io.github.condensenet4j.peer;
