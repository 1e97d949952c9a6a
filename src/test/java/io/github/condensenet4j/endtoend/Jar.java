package io.github.condensenet4j.endtoend;

import io.github.condensenet4j.fixtures.Reference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The built jar as a user starts it: {@code java -jar cli/target/cli.jar}. */
final class Jar {

  /** Real CIFAR-10 images that lie in the repository; the jar is started in its root. */
  static final Path SAMPLE = Path.of("examples/cifar10-sample");

  /** Knobs of the smallest network that has everything. */
  static final List<Object> TINY =
      List.copyOf(
          List.of(
              ("--stages 1-1-1 --growth 4-8-8 --group-1x1 2 --group-3x3 2 --group-trans 2"
                      + " --condense-factor 2 --trans-factor 2 --fc-channel 16"
                      + " --last-se-reduction 4")
                  .split(" ")));

  private static final long PATIENCE_MINUTES = 4;

  private Jar() {}

  /**
   * What a run of the jar answered.
   *
   * @param exitCode exit code
   * @param out standard output
   * @param log standard error
   */
  record Answer(int exitCode, String out, String log) {}

  /** Runs {@code java -jar cli/target/cli.jar args} to its end, in the root of the repository. */
  static Answer run(Object... args) {
    try {
      Path out = Files.createTempFile("jar", ".out");
      Path log = Files.createTempFile("jar", ".log");
      try {
        Process process =
            new ProcessBuilder(command(args))
                .directory(Reference.repository().toFile())
                .redirectOutput(out.toFile())
                .redirectError(log.toFile())
                .start();
        return await(process, out, log);
      } finally {
        Files.delete(out);
        Files.delete(log);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts {@code java -jar cli/target/cli.jar args}, both streams going to {@code log}. */
  static Process start(Path log, Object... args) {
    try {
      return new ProcessBuilder(command(args))
          .directory(Reference.repository().toFile())
          .redirectErrorStream(true)
          .redirectOutput(log.toFile())
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Answer await(Process process, Path out, Path log) throws IOException {
    try {
      boolean ended = process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
      if (!ended) {
        process.destroyForcibly().waitFor();
        throw new AssertionError("still running after minutes: " + read(log));
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw new AssertionError("interrupted while the jar ran", e);
    }
    return new Answer(process.exitValue(), read(out), read(log));
  }

  private static List<String> command(Object... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx2g");
    command.add("-jar");
    command.add("cli/target/cli.jar");
    for (Object arg : args) {
      command.add(arg.toString());
    }
    return command;
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
