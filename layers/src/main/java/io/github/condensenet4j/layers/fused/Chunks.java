package io.github.condensenet4j.layers.fused;

/**
 * Columns cut into chunks of whole panels that are alike to one panel.
 *
 * <p>There are as many chunks for one thread as for the other: with chunks of the greatest size and
 * one that holds the rest, a thread can be left with twice the columns of the other.
 */
final class Chunks {

  private final int columns;
  private final int panel;
  private final int panels;
  private final int count;

  /**
   * Cuts {@code columns} columns.
   *
   * @param most columns of a chunk at most, a panel at least
   */
  Chunks(int columns, int most, int panel, int threads) {
    this.columns = columns;
    this.panel = panel;
    panels = (columns + panel - 1) / panel;
    int mostPanels = Math.max(1, most / panel);
    int rounds = (panels + mostPanels * threads - 1) / (mostPanels * threads);
    count = Math.min(panels, rounds * threads);
  }

  int count() {
    return count;
  }

  /** Returns the columns of the longest chunk, whole panels. */
  int longest() {
    return (panels + count - 1) / count * panel;
  }

  /** Returns the first column of a chunk. */
  int first(int chunk) {
    return (int) ((long) panels * chunk / count) * panel;
  }

  /** Returns the columns of a chunk. */
  int columns(int chunk) {
    return Math.min(columns, first(chunk + 1)) - first(chunk);
  }
}
