package io.github.condensenet4j.core;

/**
 * Thrown when an option has a value that it cannot have, or options exclude each other: wrong
 * usage.
 */
public class InvalidOptionException extends CondenseNetException {

  /** Says that {@code option} is {@code found} where {@code expected} is needed. */
  public InvalidOptionException(String option, String expected, Object found) {
    super(option + " is " + found + ", " + expected + " expected");
  }

  /** Creates an exception with a {@code message} of its own. */
  public InvalidOptionException(String message) {
    super(message);
  }
}
