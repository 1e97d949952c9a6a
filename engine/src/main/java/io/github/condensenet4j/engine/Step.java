package io.github.condensenet4j.engine;

/**
 * One phase of the way of a single image through all threads.
 *
 * @param chunks parts that may run at once
 * @param action what is done with a part
 */
record Step(int chunks, Action action) {

  /** What a step does with one of its chunks. */
  @FunctionalInterface
  interface Action {

    /** Does chunk {@code chunk} of {@code run}; {@code scratch} is the thread's. */
    void run(ImageRun run, int chunk, float[] scratch);
  }
}
