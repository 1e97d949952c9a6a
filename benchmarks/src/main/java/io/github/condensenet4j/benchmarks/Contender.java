package io.github.condensenet4j.benchmarks;

/** Something that computes the logits of one fixed batch of images, again and again. */
interface Contender extends AutoCloseable {

  /** Computes the logits once. */
  void run();

  /** Returns the logits, {@code [count, classes]}. */
  float[] logits();

  @Override
  void close();
}
