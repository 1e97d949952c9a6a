package io.github.condensenet4j.interchange.onnx;

/** How the learned connections of a condensed network are laid down in an ONNX graph. */
public enum OnnxGraph {
  /**
   * As the network computes: the kept inputs of each group are gathered and a group convolution is
   * run on them, another gather shuffles its outputs. Fewest operations and smallest file.
   */
  GROUPED,
  /**
   * As before condensation: each learned convolution is a dense 1×1 convolution of all inputs, with
   * zeros where a connection was dropped and the shuffle in the order of its rows. More operations,
   * but of the kind for which runtimes are tuned, and no channel is moved.
   */
  DENSE,
  /** The one of the two that is expected to run faster on ONNX Runtime. */
  AUTO
}
