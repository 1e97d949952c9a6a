package io.github.condensenet4j.layers;

import io.github.condensenet4j.layers.arithmetic.Arithmetic;
import io.github.condensenet4j.layers.arithmetic.Matrix;
import java.util.List;

/**
 * The way from a layer to the only one that reads it, past Deeplearning4j's arrays: features pass
 * forwards, the gradient for them backwards.
 */
final class Passage {

  private final UnitLayer reader;
  private Matrix features;
  private Runnable whenCopied;
  private Matrix gradient;
  private List<Arithmetic> holders;

  Passage(UnitLayer reader) {
    this.reader = reader;
  }

  UnitLayer reader() {
    return reader;
  }

  /**
   * Leaves features for the reader.
   *
   * @param whenCopied run when the reader has copied them, or null if they stay until the backward
   *     pass and need not be copied
   */
  void leaveFeatures(Matrix made, Runnable whenCopied) {
    features = made;
    this.whenCopied = whenCopied;
  }

  Matrix features() {
    return features;
  }

  /** Tells whether the features can be read until the backward pass. */
  boolean featuresStay() {
    return whenCopied == null;
  }

  /** Says that the reader has the features in memory of its own. */
  void copied() {
    features = null;
    whenCopied.run();
  }

  /**
   * Leaves the gradient for the features.
   *
   * @param holders whose memory it needs, which ends when it has been read
   */
  void leaveGradient(Matrix ofFeatures, List<Arithmetic> holders) {
    gradient = ofFeatures;
    this.holders = holders;
  }

  Matrix gradient() {
    return gradient;
  }

  /** Returns whose memory the gradient needs. */
  List<Arithmetic> holders() {
    return holders;
  }
}
