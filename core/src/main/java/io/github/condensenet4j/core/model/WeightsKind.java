package io.github.condensenet4j.core.model;

/** Which of the two sets of weights that training makes. */
public enum WeightsKind {
  /** The weights that the optimiser stepped. */
  RAW,
  /** Their exponential moving average, which usually predicts better. */
  EMA
}
