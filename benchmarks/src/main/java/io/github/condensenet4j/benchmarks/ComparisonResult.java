package io.github.condensenet4j.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a comparison found.
 *
 * @param model name of the network
 * @param batch images a call
 * @param threads threads of each side
 * @param engineMillis milliseconds of a call of the engine, the median of all pairs
 * @param peerMillis milliseconds of a call of the peer on its best graph, the median of all pairs
 * @param peerGraph that graph
 * @param ratioMin smallest ratio of a pair
 * @param ratioMax largest ratio of a pair
 */
record ComparisonResult(
    String model,
    int batch,
    int threads,
    double engineMillis,
    double peerMillis,
    String peerGraph,
    double ratioMin,
    double ratioMax) {

  /** Returns how many times longer the peer takes; between the smallest and the largest ratio. */
  double ratio() {
    return peerMillis / engineMillis;
  }

  /** Returns the result as it stands in JSON. */
  Map<String, Object> toJson() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("model", model);
    members.put("batch", batch);
    members.put("threads", threads);
    members.put("engineMillis", engineMillis);
    members.put("peerMillis", peerMillis);
    members.put("peerGraph", peerGraph);
    members.put("ratio", ratio());
    members.put("ratioMin", ratioMin);
    members.put("ratioMax", ratioMax);
    return members;
  }
}
