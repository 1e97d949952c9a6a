package io.github.condensenet4j.core;

/** Thrown when training has come to numbers that are none, so that going on is of no use. */
public class TrainingDivergedException extends CondenseNetException {

  /** Says at which step and what to do. */
  public TrainingDivergedException(String message) {
    super(message);
  }
}
