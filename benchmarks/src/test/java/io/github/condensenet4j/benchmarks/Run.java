package io.github.condensenet4j.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** What a command line came to. */
record Run(int exitCode, String out) {

  static Run of(String line) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int exitCode = Main.run(line.split(" "), new PrintStream(out, true, StandardCharsets.UTF_8));
    return new Run(exitCode, out.toString(StandardCharsets.UTF_8));
  }
}
