package io.github.condensenet4j.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

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

  /** Set in the second process. */
  private static final String INNER = "condensenet4j.inner";

  /** What the fast kernels, those of the engine and of training, are written with. */
  private static final String VECTORS = "jdk.incubator.vector";

  private static final String VECTORS_NOTICE = "WARNING: Using incubator modules: " + VECTORS;

  /**
   * JavaCPP, by which ND4J reaches its native code, uses methods of {@code sun.misc.Unsafe} that
   * Java 24 and newer warn of, in four lines, and that a still newer one will refuse unless told.
   */
  private static final int FIRST_JAVA_THAT_WARNS = 24;

  private static final String UNSAFE = "sun.misc.unsafe.memory.access";
  private static final String ALLOW_UNSAFE = "--sun-misc-unsafe-memory-access=allow";

  private final BackendChoice backend;
  private final OptionalInt threads;

  Surroundings(BackendChoice backend, OptionalInt threads) {
    this.backend = backend;
    this.threads = threads;
  }

  /** Tells whether this process is as it must be. */
  boolean fit() {
    return isInner()
        || (environment().isEmpty() && coresFit() && !mustAllowUnsafe() && !lacksVectors());
  }

  /** Tells whether this process is the second one. */
  static boolean isInner() {
    return System.getProperty(INNER) != null;
  }

  /** Runs the program with {@code args} in a process that fits, and returns its exit code. */
  int run(String[] args) {
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

  /**
   * Makes the inner process end when the outer one is gone, even if that was killed: its standard
   * input is a pipe that nobody else holds open.
   */
  static void endWithOuter() {
    if (!isInner()) {
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
                Runtime.getRuntime().halt(ExitCode.FAILED);
              }
            },
            "watch-outer-process");
    watch.setDaemon(true);
    watch.start();
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
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    threads.ifPresent(count -> command.add("-XX:ActiveProcessorCount=" + count));
    if (mustAllowUnsafe()) {
      command.add(ALLOW_UNSAFE);
    }
    if (lacksVectors()) {
      command.add("--add-modules");
      command.add(VECTORS);
    }
    command.add("-D" + INNER + "=true");
    if (Terminal.isThere()) {
      command.add("-D" + Terminal.THERE + "=true");
    }
    String classPath = System.getProperty("java.class.path");
    // Only as the jar that it is does a jar get what its manifest asks for.
    command.addAll(
        classPath.endsWith(".jar") && !classPath.contains(File.pathSeparator)
            ? List.of("-jar", classPath)
            : List.of("-cp", classPath, Main.class.getName()));
    command.addAll(List.of(args));
    return command;
  }

  /** Tells whether Java would warn, and was not told by its user what to do about it. */
  private static boolean mustAllowUnsafe() {
    return Runtime.version().feature() >= FIRST_JAVA_THAT_WARNS
        && System.getProperty(UNSAFE) == null;
  }

  private boolean lacksVectors() {
    return ModuleLayer.boot().findModule(VECTORS).isEmpty()
        && ModuleFinder.ofSystem().find(VECTORS).isPresent();
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
