package io.github.condensenet4j.benchmarks;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.module.ModuleFinder;
import java.util.ArrayList;
import java.util.List;

/**
 * The second process that a jar needs for vectors: {@code java -jar} cannot ask for the module that
 * holds them. It shares output and error with the first one, and each ends with the other.
 */
final class VectorProcess {

  private static final String MODULE = "jdk.incubator.vector";

  /** Set in the second process. */
  private static final String INNER = "condensenet4j.inner";

  private VectorProcess() {}

  /** Tells whether this process lacks the module and its Java has it. */
  static boolean isNeeded() {
    return ModuleLayer.boot().findModule(MODULE).isEmpty()
        && ModuleFinder.ofSystem().find(MODULE).isPresent();
  }

  /** Runs {@code main} with {@code args} in a process with the module; returns its exit code. */
  static int run(Class<?> main, String[] args) {
    Process inner;
    try {
      inner =
          new ProcessBuilder(command(main, args))
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

  /**
   * Makes the second process end when the first one is gone, even if that was killed: its standard
   * input is a pipe that nobody else holds open.
   */
  static void endWithOuter() {
    if (System.getProperty(INNER) == null) {
      return;
    }
    InputStream pipe = System.in;
    Thread watch =
        new Thread(
            () -> {
              try {
                pipe.transferTo(OutputStream.nullOutputStream());
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              } finally {
                Runtime.getRuntime().halt(1);
              }
            },
            "watch-outer-process");
    watch.setDaemon(true);
    watch.start();
  }

  private static List<String> command(Class<?> main, String[] args) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("--add-modules");
    command.add(MODULE);
    command.add("-D" + INNER + "=true");
    String classPath = System.getProperty("java.class.path");
    // Only as the jar that it is does a jar get what its manifest asks for.
    command.addAll(
        classPath.endsWith(".jar") && !classPath.contains(File.pathSeparator)
            ? List.of("-jar", classPath)
            : List.of("-cp", classPath, main.getName()));
    command.addAll(List.of(args));
    return command;
  }
}
