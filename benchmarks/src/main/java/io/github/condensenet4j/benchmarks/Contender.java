package io.github.condensenet4j.benchmarks;

/** Something that computes the logits of one fixed batch of images. */
interface Contender extends Side, AutoCloseable {

  /** Returns the logits, {@code [count, classes]}. */
  float[] logits();

  @Override
  void close();
}
