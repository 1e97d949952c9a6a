package io.github.condensenet4j.engine;

/**
 * Something to be done in phases, each of which is cut into chunks that do not depend on each
 * other. A phase begins when all chunks of the one before are done.
 */
interface Work {

  /** Returns the number of phases. */
  int phases();

  /** Returns the number of chunks of {@code phase}, at most {@link Team#MOST_CHUNKS}. */
  int chunks(int phase);

  /**
   * Does one chunk.
   *
   * @param worker who does it: 0 is the caller; no two chunks with the same worker run at once
   */
  void run(int phase, int chunk, int worker);
}
