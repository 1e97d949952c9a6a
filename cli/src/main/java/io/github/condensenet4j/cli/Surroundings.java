package io.github.condensenet4j.cli;

import io.github.condensenet4j.core.process.JavaProcess;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The process that a command needs around itself.
 *
 * <p>The native libraries below ND4J read the number of threads and the preferred backend from the
 * environment, once, while they are loaded; and a running Java program can change neither its
 * environment nor the number of cores that it believes in. So where a command line asks for
 * something else than what is there, the program starts itself again, once, with what it needs. So
 * it does on a Java that warns of what ND4J does. The second process shares standard output with
 * the first one, and each ends with the other.
 */
final class Surroundings {

  private static final String VECTORS_NOTICE =
      "WARNING: Using incubator modules: " + JavaProcess.VECTORS;

  private final BackendChoice backend;
  private final OptionalInt threads;

  Surroundings(BackendChoice backend, OptionalInt threads) {
    this.backend = backend;
    this.threads = threads;
  }

  /**
   * Runs the whole program in a process that fits, unless this one does.
   *
   * @param command the command that is running
   * @return the exit code of that process, or nothing if the command is to go on in this one
   */
  OptionalInt runElsewhere(CommandSpec command) {
    if (fit()) {
      endWithOuter();
      return OptionalInt.empty();
    }
    List<String> args = command.root().commandLine().getParseResult().originalArgs();
    return OptionalInt.of(run(args.toArray(String[]::new)));
  }

  /** Tells whether this process is as it must be. */
  private boolean fit() {
    return isInner()
        || (environment().isEmpty()
            && coresFit()
            && !JavaProcess.mustAllowUnsafe()
            && !lacksVectors());
  }

  /** Tells whether this process is the second one. */
  static boolean isInner() {
    return JavaProcess.isInner();
  }

  /** Runs the program with {@code args} in a process that fits, and returns its exit code. */
  private int run(String[] args) {
    ProcessBuilder builder = new ProcessBuilder(command(args));
    builder.environment().putAll(environment());
    builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
    if (!lacksVectors()) {
      builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    }
    Process inner;
    try {
      inner = builder.start();
    } catch (IOException e) {
      throw new BackendException(
          "a second Java process, with the settings that the libraries below need, cannot be"
              + " started: "
              + e.getMessage(),
          e);
    }
    Thread passLog = new Thread(() -> passLog(inner), "pass-log");
    passLog.setDaemon(true);
    passLog.start();
    // A signal to this process alone ends the inner one too, which first writes its checkpoint.
    Thread pass = new Thread(() -> endWith(inner), "end-inner-process");
    Runtime.getRuntime().addShutdownHook(pass);
    while (true) {
      try {
        int exitCode = inner.waitFor();
        passLog.join();
        return exitCode;
      } catch (InterruptedException e) {
        inner.toHandle().destroy();
      }
    }
  }

  /** Copies what {@code inner} logs, but for Java's notice that the vectors' module is loaded. */
  private static void passLog(Process inner) {
    try (InputStream log = new BufferedInputStream(inner.getErrorStream())) {
      ByteArrayOutputStream first = new ByteArrayOutputStream();
      int next = log.read();
      while (next >= 0 && next != '\n') {
        first.write(next);
        next = log.read();
      }
      String line = first.toString(StandardCharsets.UTF_8).strip();
      if (!line.equals(VECTORS_NOTICE)) {
        if (next >= 0) {
          first.write(next);
        }
        System.err.write(first.toByteArray());
        System.err.flush();
      }
      log.transferTo(System.err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes the inner process end when the outer one is gone. */
  private static void endWithOuter() {
    JavaProcess.endWithOuter(ExitCode.FAILED);
  }

  private static void endWith(Process inner) {
    // Process.destroy would close the pipe as well, and the inner process end without a checkpoint.
    inner.toHandle().destroy();
    try {
      inner.waitFor();
    } catch (InterruptedException e) {
      inner.destroyForcibly();
    }
  }

  private List<String> command(String[] args) {
    List<String> options = new ArrayList<>();
    threads.ifPresent(count -> options.add("-XX:ActiveProcessorCount=" + count));
    options.addAll(JavaProcess.memory(threads.orElse(Runtime.getRuntime().availableProcessors())));
    if (JavaProcess.mustAllowUnsafe()) {
      options.add(JavaProcess.allowUnsafe());
    }
    if (lacksVectors()) {
      options.addAll(List.of("--add-modules", JavaProcess.VECTORS));
    }
    if (Terminal.isThere()) {
      options.add("-D" + Terminal.THERE + "=true");
    }
    return JavaProcess.command(Main.class, options, List.of(args));
  }

  private boolean lacksVectors() {
    return JavaProcess.lacksVectors();
  }

  private boolean coresFit() {
    return threads.isEmpty() || threads.getAsInt() == Runtime.getRuntime().availableProcessors();
  }

  /** Returns the variables that must be set and are not. */
  private Map<String, String> environment() {
    Map<String, String> wanted = new HashMap<>();
    // The threads below ND4J would spin between two operations, on cores that the layers need.
    wanted.put("OMP_WAIT_POLICY", "passive");
    threads.ifPresent(
        count -> {
          wanted.put("OMP_NUM_THREADS", String.valueOf(count));
          wanted.put("SD_MAX_THREADS", String.valueOf(count));
          wanted.put("SD_MASTER_THREADS", String.valueOf(count));
        });
    if (Backend.hasCpu() && Backend.hasCuda()) {
      boolean cuda =
          backend == BackendChoice.CUDA
              || (backend == BackendChoice.AUTO && Backend.machineHasCuda());
      wanted.put(cuda ? "BACKEND_PRIORITY_GPU" : "BACKEND_PRIORITY_CPU", "1000");
    }
    wanted.entrySet().removeIf(entry -> entry.getValue().equals(System.getenv(entry.getKey())));
    return wanted;
  }
}
