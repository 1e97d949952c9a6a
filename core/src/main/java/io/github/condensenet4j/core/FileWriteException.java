package io.github.condensenet4j.core;

import java.nio.file.Path;

/** Thrown when a file or folder cannot be written: disk full, not writable, folder missing. */
public class FileWriteException extends CondenseNetException {

  /**
   * Says why {@code file} could not be written; {@code problem} holds what to do, {@code cause} is
   * kept for a stack trace.
   */
  public FileWriteException(Path file, String problem, Throwable cause) {
    super(file + ": " + problem, cause);
  }
}
