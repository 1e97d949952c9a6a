package io.github.condensenet4j.layers.arithmetic;

import java.util.ArrayList;
import java.util.List;

/** Spreads pieces of work over the threads, always the same pieces to the same thread. */
final class SharedWork {

  private final List<Worker> workers = new ArrayList<>();
  private int parts = 1;

  /** Takes over how many threads there are now. */
  void begin() {
    parts = Workers.threads();
    while (workers.size() < parts) {
      workers.add(new Worker(workers.size()));
    }
  }

  /** Returns how many threads share the work. */
  int parts() {
    return parts;
  }

  /** Runs {@code action} for each of {@code count} pieces of work. */
  void forEach(int count, Piece action) {
    int used = Math.max(1, Math.min(parts, count));
    Workers.run(
        used,
        part -> {
          Worker worker = workers.get(part);
          for (int i = start(count, part, used); i < start(count, part + 1, used); i++) {
            action.run(i, worker);
          }
        });
  }

  private static int start(int count, int part, int parts) {
    return (int) ((long) count * part / parts);
  }

  /** A piece of work: its number, and what its thread works with. */
  interface Piece {
    void run(int number, Worker worker);
  }

  /** Runs {@code action} for each tile of each row. */
  void forEachArray(RowMatrix matrix, ArrayAction action) {
    forEach(
        matrix.rows(),
        (row, worker) -> {
          for (int tile = 0; tile < matrix.arrays()[row].length; tile++) {
            action.run(row, tile, matrix.arrays()[row][tile].length);
          }
        });
  }

  /** A row's array of a tile. */
  interface ArrayAction {
    void run(int row, int tile, int length);
  }
}
