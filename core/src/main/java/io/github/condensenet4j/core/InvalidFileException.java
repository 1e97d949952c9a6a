package io.github.condensenet4j.core;

import java.nio.file.Path;

/** Thrown when a file (model, checkpoint, image, array, dataset) is damaged, foreign or hostile. */
public class InvalidFileException extends CondenseNetException {

  /**
   * Says what is wrong with {@code file}; {@code problem} holds what was found, what was expected
   * and what to do.
   */
  public InvalidFileException(Path file, String problem) {
    super(oneLine(file + ": " + problem));
  }

  /** Says what is wrong with {@code file}, keeping the {@code cause} for a stack trace. */
  public InvalidFileException(Path file, String problem, Throwable cause) {
    super(oneLine(file + ": " + problem), cause);
  }

  /**
   * Says what is wrong with {@code source}, bytes that did not come from a file of the default file
   * system.
   */
  public InvalidFileException(String source, String problem) {
    super(oneLine(source + ": " + problem));
  }

  /** Says what is wrong with {@code source}, keeping the {@code cause} for a stack trace. */
  public InvalidFileException(String source, String problem, Throwable cause) {
    super(oneLine(source + ": " + problem), cause);
  }

  /** Names that a hostile file chose must neither break the line nor steer a terminal. */
  private static String oneLine(String message) {
    return message.replaceAll("[\\p{Cntrl}\\u2028\\u2029]", "?");
  }
}
