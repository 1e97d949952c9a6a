package io.github.condensenet4j.benchmarks;

import java.util.LinkedHashMap;
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
record ComparisonResult(String model, int batch, int threads, Pairs pairs, String peerGraph) {

  /** Returns the result as it stands in JSON. */
  Map<String, Object> toJson() {
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
}
