package io.github.condensenet4j.peer;

/** Something that computes one {@link PeerTask}, again and again. */
public interface Peer extends AutoCloseable {

  /**
   * Computes once.
   *
   * @return the logits {@code [N, classes]}, or the one loss from which the step set out
   */
  float[] answer();

  /** Computes once, and makes no numbers of it that Java can see. */
  void run();

  @Override
  void close();
}
