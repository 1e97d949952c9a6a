package io.github.condensenet4j.cli;

import java.io.PrintStream;
import java.util.Locale;

/**
 * Shows how far some work is: one line that redraws itself on a terminal, now and then a plain line
 * elsewhere.
 */
final class ProgressBar {

  private static final int WIDTH = 24;
  private static final long REDRAW_NANOS = 100_000_000L;
  private static final long PLAIN_NANOS = 10_000_000_000L;
  private static final String ERASE = "\r\u001b[K";

  private final PrintStream log;
  private final boolean redraws;
  private final long linesEvery;

  private long total = 1;
  private long first;
  private long startNanos;
  private long shownNanos;
  private boolean drawn;

  /**
   * Creates a bar.
   *
   * @param linesEvery steps between plain lines where the line cannot be redrawn; 0 for one in ten
   *     seconds
   */
  ProgressBar(PrintStream log, boolean redraws, long linesEvery) {
    this.log = log;
    this.redraws = redraws;
    this.linesEvery = linesEvery;
  }

  /**
   * Begins.
   *
   * @param done steps that an earlier run has done
   * @param all steps in all
   */
  void start(long done, long all) {
    first = done;
    total = Math.max(1, all);
    startNanos = System.nanoTime();
    shownNanos = startNanos;
  }

  /**
   * Shows that {@code done} steps are done, if it is time to.
   *
   * @param facts what to say beside it
   */
  void show(long done, String facts) {
    long now = System.nanoTime();
    boolean due =
        redraws
            ? now - shownNanos >= REDRAW_NANOS
            : linesEvery > 0 ? done % linesEvery == 0 : now - shownNanos >= PLAIN_NANOS;
    if (!due) {
      return;
    }
    shownNanos = now;
    String share = String.format(Locale.ROOT, "%3d%%", 100 * done / total);
    String line =
        share + " " + (redraws ? bar(done) + " " : "") + facts + ", " + left(done, now) + " left";
    if (redraws) {
      log.print(ERASE + line);
      log.flush();
      drawn = true;
    } else {
      log.println(line);
    }
  }

  /** Writes a line of its own; the bar moves below it. */
  void say(String line) {
    clear();
    log.println(line);
  }

  /** Takes the bar away. */
  void clear() {
    if (drawn) {
      log.print(ERASE);
      log.flush();
      drawn = false;
    }
  }

  private String bar(long done) {
    int full = (int) (WIDTH * done / total);
    return "[" + "=".repeat(full) + " ".repeat(WIDTH - full) + "]";
  }

  private String left(long done, long now) {
    if (done <= first) {
      return "unknown time";
    }
    double perStep = (now - startNanos) / 1e9 / (done - first);
    return duration(Math.round(perStep * (total - done)));
  }

  /** Returns {@code 1:02:03} for hours, {@code 2:03} below one hour. */
  static String duration(long seconds) {
    long hours = seconds / 3600;
    long minutes = seconds / 60 % 60;
    return hours > 0
        ? String.format(Locale.ROOT, "%d:%02d:%02d", hours, minutes, seconds % 60)
        : String.format(Locale.ROOT, "%d:%02d", minutes, seconds % 60);
  }
}
