package io.github.condensenet4j.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * What the program answered to a command line, run inside the test's process.
 *
 * @param exitCode exit code
 * @param out standard output
 * @param log standard error
 */
record Run(int exitCode, String out, String log) {

  static Run of(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    Console console =
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(log, true, StandardCharsets.UTF_8));
    int exitCode = new Program(console).run(args);
    return new Run(
        exitCode, out.toString(StandardCharsets.UTF_8), log.toString(StandardCharsets.UTF_8));
  }
}
