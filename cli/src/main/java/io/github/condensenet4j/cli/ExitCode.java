package io.github.condensenet4j.cli;

/** How a run of the program ended. */
final class ExitCode {

  static final int OK = 0;

  /** The work failed: a damaged file, a full disk, a backend that is not there. */
  static final int FAILED = 1;

  /** The command line makes no sense: an unknown option or model, numbers that clash. */
  static final int WRONG_USAGE = 2;

  /** Stopped by Ctrl-C or a termination signal, after a checkpoint; what shells expect. */
  static final int INTERRUPTED = 130;

  private ExitCode() {}
}
