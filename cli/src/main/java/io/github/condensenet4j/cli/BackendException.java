package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.CondenseNetException;

/** Thrown when the backend that is asked for is not in this jar or not on this machine. */
class BackendException extends CondenseNetException {

  BackendException(String message) {
    super(message);
  }

  BackendException(String message, Throwable cause) {
    super(message, cause);
  }
}
