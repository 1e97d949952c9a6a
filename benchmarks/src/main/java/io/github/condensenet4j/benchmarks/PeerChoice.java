package io.github.condensenet4j.benchmarks;

import io.github.condensenet4j.core.InvalidOptionException;
import java.util.Arrays;
import java.util.Locale;

/** What the engine is compared with. */
enum PeerChoice {
  ONNXRUNTIME,
  LIBTORCH,
  /** Whichever of them is faster. */
  ALL;

  boolean includes(PeerChoice peer) {
    return this == peer || this == ALL;
  }

  static PeerChoice of(String option) {
    return Arrays.stream(values())
        .filter(choice -> choice.toString().equals(option))
        .findFirst()
        .orElseThrow(
            () -> new InvalidOptionException("--peer", "onnxruntime, libtorch or all", option));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
