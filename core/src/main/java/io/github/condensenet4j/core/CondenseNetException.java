package io.github.condensenet4j.core;

/**
 * Root of the one exception family of this project.
 *
 * <p>A message names the file, option or quantity, says what was found and what was expected, and
 * ends with what to do about it, so that it can be shown to a user as it stands. Subclasses tell
 * the cause apart.
 */
public class CondenseNetException extends RuntimeException {

  /** Creates an exception whose {@code message} a user can act on. */
  public CondenseNetException(String message) {
    super(message);
  }

  /**
   * Creates an exception whose {@code message} a user can act on, keeping the {@code cause} for a
   * stack trace.
   */
  public CondenseNetException(String message, Throwable cause) {
    super(message, cause);
  }
}
