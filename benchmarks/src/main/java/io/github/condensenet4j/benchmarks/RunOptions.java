package io.github.condensenet4j.benchmarks;

import io.github.condensenet4j.core.InvalidOptionException;
import io.github.condensenet4j.core.json.JsonValue;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** How long a comparison takes and how it prints, the same for all of them. */
final class RunOptions {

  // Of the 40 minutes that a comparison may take in all.
  private final double mostSeconds;

  @Option(
      names = "--seconds",
      paramLabel = "F",
      description = {
        "How long each case may take, as far as the least number of pairs allows;",
        "${DEFAULT-VALUE} without it."
      })
  private double seconds;

  @Option(
      names = "--format",
      paramLabel = "text|json",
      defaultValue = "text",
      description = "How to print; ${DEFAULT-VALUE} without it.")
  private String format;

  /**
   * Creates the options.
   *
   * @param usualSeconds how long each case takes unless told
   * @param mostSeconds how long all cases take at most
   */
  RunOptions(double usualSeconds, double mostSeconds) {
    this.seconds = usualSeconds;
    this.mostSeconds = mostSeconds;
  }

  /** One case, compared for about so many seconds. */
  interface Comparing<C> {
    Result compare(C one, double seconds);
  }

  /**
   * Compares {@code cases} in turn and prints the results.
   *
   * @param heading what stands above the results where they are text
   */
  <C> void run(List<C> cases, String heading, PrintStream out, Comparing<C> comparing) {
    check();
    if (!isJson()) {
      out.print(heading);
      out.flush();
    }
    List<Object> results = new ArrayList<>();
    long end = System.nanoTime() + (long) (mostSeconds * 1e9);
    for (int i = 0; i < cases.size(); i++) {
      double left = (end - System.nanoTime()) / 1e9 / (cases.size() - i);
      Result result = comparing.compare(cases.get(i), Math.max(0, Math.min(seconds, left)));
      results.add(result.toJson());
      if (!isJson()) {
        out.print(result.toText());
        out.flush();
      }
    }
    if (isJson()) {
      out.print(JsonValue.of(results).pretty());
    }
    out.flush();
  }

  private void check() {
    if (!(seconds > 0)) {
      throw new InvalidOptionException("--seconds", "a number above 0", seconds);
    }
    isJson();
  }

  private boolean isJson() {
    return switch (format) {
      case "text" -> false;
      case "json" -> true;
      default -> throw new InvalidOptionException("--format", "text or json", format);
    };
  }
}
