package io.github.condensenet4j.benchmarks;

import io.github.condensenet4j.core.process.JavaProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The second process that a jar needs for vectors: {@code java -jar} cannot ask for the module that
 * holds them. It shares output and error with the first one, and each ends with the other.
 */
final class VectorProcess {

  private VectorProcess() {}

  /** Runs {@code main} with {@code args} in a process with the module; returns its exit code. */
  static int run(Class<?> main, String[] args) {
    Process inner;
    try {
      inner =
          new ProcessBuilder(
                  JavaProcess.command(
                      main, List.of("--add-modules", JavaProcess.VECTORS), List.of(args)))
              .redirectOutput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException("a second Java process cannot be started", e);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(inner::destroy, "end-inner-process"));
    while (true) {
      try {
        return inner.waitFor();
      } catch (InterruptedException e) {
        inner.destroy();
      }
    }
  }
}
