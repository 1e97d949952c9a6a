package io.github.condensenet4j.core;

/** Thrown when the numbers of an architecture clash, or a model name means none. */
public class ArchitectureException extends CondenseNetException {

  /** Says that {@code quantity} is {@code found} where {@code expected} is needed. */
  public ArchitectureException(String quantity, String expected, Object found) {
    super(quantity + " is " + found + ", " + expected + " expected");
  }

  /** Creates an exception with a {@code message} of its own. */
  public ArchitectureException(String message) {
    super(message);
  }
}
