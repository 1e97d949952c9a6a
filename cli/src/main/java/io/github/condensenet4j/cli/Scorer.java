package io.github.condensenet4j.cli;

/** A network that computes scores before softmax. */
interface Scorer extends AutoCloseable {

  /**
   * Returns scores {@code [count][classes]}.
   *
   * @param images {@code [count, 3, size, size]} in C order
   * @param count at least 1
   * @param size height and width
   */
  float[][] logits(float[] images, int count, int size);

  /** Ends the network's threads. */
  @Override
  void close();
}
