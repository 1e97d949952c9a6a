package io.github.condensenet4j.training;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.io.AtomicFile;
import io.github.condensenet4j.core.io.FileProblem;
import io.github.condensenet4j.core.json.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The folder of a run and the names of its files.
 *
 * @param path the folder
 */
record RunFolder(Path path) {

  private static final String ARGUMENTS = "args.yaml";
  private static final String LAST = "last.zip";
  private static final String BEST = "best.zip";
  private static final String REPORT = "report.html";
  private static final List<String> ALL =
      List.of(ARGUMENTS, "metrics.csv", "steps.csv", LAST, BEST, REPORT);

  Path last() {
    return path.resolve(LAST);
  }

  Path best() {
    return path.resolve(BEST);
  }

  Path report() {
    return path.resolve(REPORT);
  }

  /** Tells whether a run has left anything here. */
  boolean holdsRun() {
    return ALL.stream().anyMatch(name -> Files.exists(path.resolve(name)));
  }

  /**
   * Refuses a folder that holds a run, if that is what is to be done with one.
   *
   * @throws InvalidOptionException if so
   */
  void check(ExistingRun existingRun) {
    if (existingRun == ExistingRun.REFUSE && holdsRun()) {
      throw new InvalidOptionException(
          path
              + " holds a run already; --resume continues it, --overwrite replaces it, another"
              + " --output leaves it alone");
    }
  }

  /** Makes the folder, without a run in it. */
  void begin(Map<String, ?> arguments) {
    try {
      Files.createDirectories(path);
      for (String name : ALL) {
        Files.deleteIfExists(path.resolve(name));
      }
    } catch (IOException e) {
      throw FileProblem.writing(path, e);
    }
    writeArguments(arguments);
  }

  /** Writes what repeats the run; every line is YAML, whose scalars and lists JSON's are. */
  private void writeArguments(Map<String, ?> arguments) {
    StringBuilder yaml = new StringBuilder();
    arguments.forEach(
        (name, value) ->
            yaml.append(name)
                .append(": ")
                .append(JsonValue.of(value))
                .append(System.lineSeparator()));
    write(path.resolve(ARGUMENTS), yaml.toString());
  }

  void writeReport(String html) {
    write(report(), html);
  }

  private static void write(Path file, String text) {
    AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Makes {@code best.zip} and {@code last.zip} the same file. */
  void copyBestToLast() {
    AtomicFile.write(last(), out -> Files.copy(best(), out));
  }
}
