package io.github.condensenet4j.engine;

import java.util.Arrays;

/**
 * Whether a single image is shared by several threads or left to one, found out by timing both.
 *
 * <p>Sharing costs a few microseconds a layer, in which threads wait for each other and read what
 * others wrote. Whether it pays depends on the network, the size of its images and on how far apart
 * the processors are, which is not to be seen from inside. So a few images now and then go both
 * ways in turn, and the way with the lower median is taken until the next comparison. The answers
 * have the same bits either way.
 */
final class SharingChoice {

  /** Images each way that make a comparison. */
  private static final int TRIALS = 7;

  private static final int FIRST_PAUSE = 16;
  private static final int LONGEST_PAUSE = 8192;

  private final long[] shared = new long[TRIALS];
  private final long[] alone = new long[TRIALS];
  private int sharedTrials = TRIALS;
  private int aloneTrials = TRIALS;
  private boolean shares = true;
  private boolean nextTrialIsShared;
  private int pause = FIRST_PAUSE;
  private int untilComparison = FIRST_PAUSE;

  /** Tells whether the next image is to be shared. */
  synchronized boolean next() {
    if (!isComparing()) {
      if (untilComparison-- > 0) {
        return shares;
      }
      sharedTrials = 0;
      aloneTrials = 0;
    }
    nextTrialIsShared = !nextTrialIsShared;
    return nextTrialIsShared;
  }

  /** Learns how long an image took. */
  synchronized void took(boolean wasShared, long nanos) {
    if (!isComparing()) {
      return;
    }
    if (wasShared && sharedTrials < TRIALS) {
      shared[sharedTrials++] = nanos;
    } else if (!wasShared && aloneTrials < TRIALS) {
      alone[aloneTrials++] = nanos;
    }
    if (!isComparing()) {
      decide();
    }
  }

  private boolean isComparing() {
    return sharedTrials < TRIALS || aloneTrials < TRIALS;
  }

  private void decide() {
    boolean before = shares;
    shares = median(shared) <= median(alone);
    // What was confirmed is asked more and more seldom.
    pause = shares == before ? Math.min(LONGEST_PAUSE, 2 * pause) : FIRST_PAUSE;
    untilComparison = pause;
  }

  private static long median(long[] nanos) {
    Arrays.sort(nanos);
    return nanos[TRIALS / 2];
  }
}
