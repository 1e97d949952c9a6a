package io.github.condensenet4j.benchmarks;

import java.util.LinkedHashMap;
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
    String peerVariant) {

  /** Returns the result as it stands in JSON. */
  Map<String, Object> toJson() {
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
}
