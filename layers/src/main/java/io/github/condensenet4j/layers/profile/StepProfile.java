package io.github.condensenet4j.layers.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * How much time each kind of work takes, by phase.
 *
 * <p>Work is timed on the thread that asks for it, the waiting for helpers included; replicas that
 * train side by side are added up. What is timed inside other work counts for itself alone, so the
 * times of a thread add up to that of the outermost work. Nothing is timed, and hardly anything is
 * spent, unless a profile is running; one runs at a time in a process.
 */
public final class StepProfile {

  /** What work is done for. */
  public enum Phase {
    /** From the images to the loss. */
    FORWARD,
    /** From the loss to the gradients. */
    BACKWARD,
    /** All else. */
    OTHER
  }

  /**
   * The time of one kind of work.
   *
   * @param kind what was done
   * @param forward seconds of the forward passes
   * @param backward seconds of the backward passes
   * @param other seconds that belong to neither
   */
  public record Row(String kind, double forward, double backward, double other) {

    /** Returns the seconds of all phases. */
    public double total() {
      return forward + backward + other;
    }
  }

  private static volatile StepProfile running;

  /** The work that each thread is at. */
  private static final ThreadLocal<Work> CURRENT = new ThreadLocal<>();

  private final Map<String, Map<Phase, LongAdder>> nanos = new ConcurrentHashMap<>();

  private StepProfile() {}

  /** Starts a profile, in the place of one that may be running. */
  public static StepProfile start() {
    running = new StepProfile();
    return running;
  }

  /** Ends this profile, whose times can be read from now on. */
  public void stop() {
    if (running == this) {
      running = null;
    }
  }

  /** Does {@code work} and, if a profile is running, counts its time as {@code kind}. */
  public static void run(String kind, Phase phase, Runnable work) {
    time(
        kind,
        phase,
        () -> {
          work.run();
          return null;
        });
  }

  /**
   * Returns what {@code work} returns and, if a profile is running, counts its time as {@code
   * kind}.
   */
  public static <T> T time(String kind, Phase phase, Supplier<T> work) {
    return time(kind, phase, new Work(false), work);
  }

  /** Like {@link #time}, and counts work that would be timed inside as {@code kind} too. */
  public static <T> T timeWhole(String kind, Phase phase, Supplier<T> work) {
    return time(kind, phase, new Work(true), work);
  }

  private static <T> T time(String kind, Phase phase, Work inner, Supplier<T> work) {
    StepProfile profile = running;
    Work outer = CURRENT.get();
    if (profile == null || (outer != null && outer.isWhole)) {
      return work.get();
    }
    CURRENT.set(inner);
    long start = System.nanoTime();
    try {
      return work.get();
    } finally {
      long duration = System.nanoTime() - start;
      profile.add(kind, phase, duration - inner.inside);
      if (outer != null) {
        outer.inside += duration;
      }
      CURRENT.set(outer);
    }
  }

  /** Work that is going on, and the time of what was timed inside it. */
  private static final class Work {
    private final boolean isWhole;
    private long inside;

    Work(boolean isWhole) {
      this.isWhole = isWhole;
    }
  }

  private void add(String kind, Phase phase, long time) {
    nanos
        .computeIfAbsent(kind, k -> new ConcurrentHashMap<>())
        .computeIfAbsent(phase, p -> new LongAdder())
        .add(time);
  }

  /** Returns the times so far, the longest first. */
  public List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    nanos.forEach(
        (kind, byPhase) ->
            rows.add(
                new Row(
                    kind,
                    seconds(byPhase.get(Phase.FORWARD)),
                    seconds(byPhase.get(Phase.BACKWARD)),
                    seconds(byPhase.get(Phase.OTHER)))));
    rows.sort((a, b) -> Double.compare(b.total(), a.total()));
    return rows;
  }

  private static double seconds(LongAdder time) {
    return time == null ? 0 : time.sum() / 1e9;
  }
}
