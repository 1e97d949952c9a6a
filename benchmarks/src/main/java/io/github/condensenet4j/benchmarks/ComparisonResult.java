package io.github.condensenet4j.benchmarks;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a comparison of inference found.
 *
 * @param model name of the network
 * @param batch images a call
 * @param threads threads of each side
 * @param pairs times and ratios
 * @param peerGraph how the peer computed: its best way
 */
record ComparisonResult(String model, int batch, int threads, Pairs pairs, String peerGraph)
    implements Result {

  static final String HEADING =
      "%-16s %5s %7s %10s %10s %-22s %6s %s%n"
          .formatted(
              "model", "batch", "threads", "engine ms", "peer ms", "graph", "ratio", "(min-max)");

  @Override
  public Map<String, Object> toJson() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("model", model);
    members.put("batch", batch);
    members.put("threads", threads);
    members.put("engineMillis", pairs.ownMillis());
    members.put("peerMillis", pairs.peerMillis());
    members.put("peerGraph", peerGraph);
    members.put("ratio", pairs.ratio());
    members.put("ratioMin", pairs.ratioMin());
    members.put("ratioMax", pairs.ratioMax());
    return members;
  }

  @Override
  public String toText() {
    return String.format(
        Locale.ROOT,
        "%-16s %5d %7d %10.2f %10.2f %-22s %6.2f (%.2f-%.2f)%n",
        model,
        batch,
        threads,
        pairs.ownMillis(),
        pairs.peerMillis(),
        peerGraph,
        pairs.ratio(),
        pairs.ratioMin(),
        pairs.ratioMax());
  }
}
