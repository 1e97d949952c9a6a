package io.github.condensenet4j.benchmarks;

import io.github.condensenet4j.core.CondenseNetException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What counts in a comparison: a stretch of calls of one side and, at once, one of the other, which
 * side begins changing from pair to pair. Whatever else the machine does so hits both sides alike,
 * and what it did to a pair shows in the spread of the ratios.
 *
 * @param ownMillis milliseconds of a call of this project's side, the median of all pairs
 * @param peerMillis milliseconds of a call of the peer, the median of all pairs
 * @param ratioMin smallest ratio, peer over own, of a pair
 * @param ratioMax largest ratio of a pair
 */
record Pairs(double ownMillis, double peerMillis, double ratioMin, double ratioMax) {

  private static final double STRETCH_SECONDS = 0.1;

  // Threads of some libraries go on spinning for a while after a call; they must not share the
  // machine with the other side's turn.
  private static final long PAUSE_MILLIS = 5;

  /** Returns how many times longer the peer takes; between the smallest and the largest ratio. */
  double ratio() {
    return peerMillis / ownMillis;
  }

  /**
   * Runs both in turn for about {@code seconds}, longer if that is too short for {@code least}
   * pairs.
   */
  static Pairs run(Side own, Side peer, double seconds, int least) {
    int ownCalls = callsAStretch(own.millis(1));
    int peerCalls = callsAStretch(peer.millis(1));
    List<Double> ownMillis = new ArrayList<>();
    List<Double> peerMillis = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    long end = System.nanoTime() + (long) (seconds * 1e9);
    while (ratios.size() < least || System.nanoTime() < end) {
      boolean ownBegins = ratios.size() % 2 == 0;
      double first = ownBegins ? stretch(own, ownCalls) : stretch(peer, peerCalls);
      double second = ownBegins ? stretch(peer, peerCalls) : stretch(own, ownCalls);
      ownMillis.add(ownBegins ? first : second);
      peerMillis.add(ownBegins ? second : first);
      ratios.add(ownBegins ? second / first : first / second);
    }
    return new Pairs(
        median(ownMillis), median(peerMillis), Collections.min(ratios), Collections.max(ratios));
  }

  private static int callsAStretch(double millis) {
    return (int) Math.max(1, Math.round(1000 * STRETCH_SECONDS / millis));
  }

  /** Lets the machine come to rest, then has {@code side} compute so many times. */
  static double stretch(Side side, int calls) {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CondenseNetException("the comparison was interrupted; run it again", e);
    }
    return side.millis(calls);
  }

  /** Returns the middle one of {@code values}, or the mean of the middle two. */
  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
