package io.github.condensenet4j.benchmarks;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a comparison of training found.
 *
 * @param model name of the network
 * @param batch images a step
 * @param state how far it is condensed
 * @param pairs times of a step and ratios
 * @param ownPeakBytes the most memory that this project's process had; 0 where the system does not
 *     tell
 * @param peerPeakBytes the same of libtorch's process
 * @param peerVariant how libtorch computed
 */
record TrainingResult(
    String model,
    int batch,
    TrainingState state,
    Pairs pairs,
    long ownPeakBytes,
    long peerPeakBytes,
    String peerVariant)
    implements Result {

  static final String HEADING =
      "%-16s %5s %-9s %10s %10s %-12s %6s %-13s %8s %8s%n"
          .formatted(
              "model",
              "batch",
              "state",
              "own ms",
              "peer ms",
              "peer",
              "ratio",
              "(min-max)",
              "own MiB",
              "peer MiB");

  private static final double MEBI = 1 << 20;

  @Override
  public Map<String, Object> toJson() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("model", model);
    members.put("batch", batch);
    members.put("state", state.toString());
    members.put("ownMillis", pairs.ownMillis());
    members.put("peerMillis", pairs.peerMillis());
    members.put("ratio", pairs.ratio());
    members.put("ratioMin", pairs.ratioMin());
    members.put("ratioMax", pairs.ratioMax());
    members.put("ownPeakBytes", ownPeakBytes);
    members.put("peerPeakBytes", peerPeakBytes);
    return members;
  }

  @Override
  public String toText() {
    return String.format(
        Locale.ROOT,
        "%-16s %5d %-9s %10.1f %10.1f %-12s %6.2f %-13s %8.0f %8.0f%n",
        model,
        batch,
        state,
        pairs.ownMillis(),
        pairs.peerMillis(),
        peerVariant,
        pairs.ratio(),
        String.format(Locale.ROOT, "(%.2f-%.2f)", pairs.ratioMin(), pairs.ratioMax()),
        ownPeakBytes / MEBI,
        peerPeakBytes / MEBI);
  }
}
