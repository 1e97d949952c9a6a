package io.github.condensenet4j.engine;

import io.github.condensenet4j.engine.LayerTime.Operation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Adds up the time of every operation of every layer; one that is off does nothing. */
final class Stopwatch {

  /** Takes no times. */
  static final Stopwatch OFF = new Stopwatch(false);

  private record Key(String layer, Operation operation) {}

  /** Nanoseconds of all images, multiply-adds of one. */
  private static final class Sum {
    private long nanos;
    private long multiplyAdds;
  }

  private final boolean on;
  private final Map<Key, Sum> sums = new LinkedHashMap<>();

  private Stopwatch(boolean on) {
    this.on = on;
  }

  static Stopwatch on() {
    return new Stopwatch(true);
  }

  /** Returns the time at which something starts. */
  long start() {
    return on ? System.nanoTime() : 0;
  }

  /**
   * Notes that something ends that began at {@code start}.
   *
   * @param multiplyAdds of the whole operation on one image, of which this may have been a part
   */
  void stop(String layer, Operation operation, long multiplyAdds, long start) {
    if (on) {
      add(layer, operation, multiplyAdds, System.nanoTime() - start);
    }
  }

  private synchronized void add(String layer, Operation operation, long multiplyAdds, long nanos) {
    Sum sum = sums.computeIfAbsent(new Key(layer, operation), key -> new Sum());
    sum.nanos += nanos;
    sum.multiplyAdds = multiplyAdds;
  }

  /** Forgets all times. */
  synchronized void reset() {
    sums.clear();
  }

  /** Returns the times of each of {@code images}, in the order of the network. */
  synchronized List<LayerTime> times(int images) {
    List<LayerTime> times = new ArrayList<>();
    sums.forEach(
        (key, sum) ->
            times.add(
                new LayerTime(
                    key.layer(), key.operation(), (double) sum.nanos / images, sum.multiplyAdds)));
    return times;
  }
}
