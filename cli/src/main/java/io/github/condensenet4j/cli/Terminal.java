package io.github.condensenet4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells whether a person watches the log. */
final class Terminal {

  /** A system property by which an outer process tells its inner one. */
  static final String THERE = "condensenet4j.terminal";

  private static final Path ERROR_STREAM = Path.of("/proc/self/fd/2");

  private Terminal() {}

  /**
   * Tells whether standard error is a terminal that can redraw a line. Java can only tell for all
   * three streams together, so the system is asked; where it has no such answer, plain lines do.
   */
  static boolean isThere() {
    if ("dumb".equals(System.getenv("TERM"))) {
      return false;
    }
    if (System.getProperty(THERE) != null) {
      return true;
    }
    try {
      String target = Files.readSymbolicLink(ERROR_STREAM).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
