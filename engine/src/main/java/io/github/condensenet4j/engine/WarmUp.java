package io.github.condensenet4j.engine;

import io.github.condensenet4j.core.architecture.Architecture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets Java compile the vector loops while a model answers with plain ones.
 *
 * <p>Until it is compiled, each vector is an object on the heap, and a first image would take
 * seconds, where plain loops take a fraction of one. So a thread puts a small image through both in
 * turn, and as soon as vectors are faster the model goes over to them. Kernels give the same bits,
 * so nobody sees more of it than the time.
 */
final class WarmUp {

  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

  /**
   * Vectors that are not faster by then will not be: the compiler is switched off, for instance.
   */
  private static final long LONGEST_NANOS = 120_000_000_000L;

  /** So often in a row vectors must be faster, lest a pause of the machine decides. */
  private static final int PROOFS = 3;

  private final Pass plain;
  private final Pass fast;
  private volatile boolean stopped;

  /** One image's way through a network, on the calling thread alone. */
  private static final class Pass {

    private final PlannedNetwork network;
    private final SizePlan plan;
    private final float[] image;
    private final float[] logits;

    Pass(PlannedNetwork network, int classes, int size) {
      this.network = network;
      this.plan = network.newSizePlan(size, size, Stopwatch.OFF);
      this.image = new float[plan.imageLength()];
      this.logits = new float[classes];
    }

    long nanos(Team alone) {
      long start = System.nanoTime();
      network.logits(alone, plan, image, 0, 1, logits, 0);
      return System.nanoTime() - start;
    }
  }

  /**
   * Plans it.
   *
   * @param architecture what the networks are
   */
  WarmUp(PlannedNetwork plain, PlannedNetwork fast, Architecture architecture) {
    // Half the size takes a quarter of the time and still has rows as wide as any tile.
    int size = Math.max(architecture.imageSize() / 2, Math.min(architecture.imageSize(), 32));
    this.plain = new Pass(plain, architecture.numClasses(), size);
    this.fast = new Pass(fast, architecture.numClasses(), size);
  }

  /** Ends it after the image that is on its way. */
  void stop() {
    stopped = true;
  }

  /** Returns whether vectors are faster; not if it was stopped or if they never get so. */
  boolean succeeds() {
    try (Team alone = new Team(1, "nobody")) {
      long end = System.nanoTime() + LONGEST_NANOS;
      long fastestPlain = Long.MAX_VALUE;
      int proofs = 0;
      while (!stopped && proofs < PROOFS) {
        if (System.nanoTime() > end) {
          LOG.warn("vectors stay slower than plain loops, which are used; is the compiler off?");
          return false;
        }
        fastestPlain = Math.min(fastestPlain, plain.nanos(alone));
        proofs = fast.nanos(alone) < fastestPlain ? proofs + 1 : 0;
      }
      return !stopped;
    }
  }
}
