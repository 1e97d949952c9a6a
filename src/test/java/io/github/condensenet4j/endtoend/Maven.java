package io.github.condensenet4j.endtoend;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The Maven that runs these tests, started once more for another project. */
final class Maven {

  private static final String OWN_GROUP = "condensenet4j";

  private Maven() {}

  /**
   * Runs {@code mvn arguments} in {@code project}; fails with its log if it does.
   *
   * @param repository folder for a local repository of its own: it has everything that this
   *     machine's has but artifacts of this project, and keeps what is added of them to itself
   */
  static void run(Path project, Path repository, String... arguments) throws IOException {
    Path program = Path.of(System.getProperty("maven.home"), "bin", "mvn");
    List<String> command = new ArrayList<>(List.of(program.toString(), "-B", "-q", "-ntp"));
    command.add("-Dmaven.repo.local=" + repository);
    command.addAll(List.of(arguments));
    linkUsualArtifacts(repository);
    try {
      run(project, command, Map.of("JAVA_HOME", System.getProperty("java.home")));
    } finally {
      // Here and not by JUnit, which warns of each.
      deleteLinks(repository);
    }
  }

  /** Runs {@code command} in {@code folder} and returns what it printed; fails if it does. */
  static String run(Path folder, List<String> command, Map<String, String> environment) {
    try {
      Path log = Files.createTempFile("command", ".log");
      try {
        ProcessBuilder builder =
            new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        int exitCode = builder.start().waitFor();
        String printed = Files.readString(log, StandardCharsets.UTF_8);
        if (exitCode != 0) {
          throw new AssertionError(command + " ended with " + exitCode + ":\n" + printed);
        }
        return printed;
      } finally {
        Files.delete(log);
      }
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void linkUsualArtifacts(Path repository) throws IOException {
    Path usual = Path.of(System.getProperty("maven.repository"));
    linkAllBut("io", usual, repository);
    linkAllBut("github", usual.resolve("io"), repository.resolve("io"));
    linkAllBut(OWN_GROUP, usual.resolve("io/github"), repository.resolve("io/github"));
  }

  private static void deleteLinks(Path repository) throws IOException {
    try (Stream<Path> files = Files.walk(repository, 3)) {
      for (Path link : files.filter(Files::isSymbolicLink).toList()) {
        Files.delete(link);
      }
    }
  }

  private static void linkAllBut(String name, Path from, Path to) throws IOException {
    Files.createDirectories(to);
    if (!Files.isDirectory(from)) {
      return;
    }
    try (Stream<Path> entries = Files.list(from)) {
      for (Path entry : entries.toList()) {
        if (!entry.endsWith(name)) {
          Files.createSymbolicLink(to.resolve(entry.getFileName().toString()), entry);
        }
      }
    }
  }
}
