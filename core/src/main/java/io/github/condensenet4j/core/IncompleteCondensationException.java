package io.github.condensenet4j.core;

/** Thrown when a network is to be condensed that still has connections to drop. */
public class IncompleteCondensationException extends CondenseNetException {

  /** Creates an exception with a {@code message} that says how to complete the condensation. */
  public IncompleteCondensationException(String message) {
    super(message);
  }
}
