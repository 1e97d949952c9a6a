package io.github.condensenet4j.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The entry point of the jar. */
public final class Main {

  private Main() {}

  /** Runs the program with {@code args} and ends the process with its exit code. */
  public static void main(String[] args) {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    PrintStream log =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    // Standard output belongs to results. Whatever a library prints there lands in the log.
    System.setOut(log);
    System.setErr(log);
    int exitCode = new Program(new Console(out, log)).run(args);
    out.flush();
    System.exit(exitCode);
  }
}
