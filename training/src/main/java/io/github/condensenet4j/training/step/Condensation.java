package io.github.condensenet4j.training.step;

import io.github.condensenet4j.core.condensation.StageRule;
import io.github.condensenet4j.layers.CondensingLayer;
import io.github.condensenet4j.layers.LearnedConnections;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.FrozenLayer;

/**
 * The learned connections of a whole network, which all drop by the same progress. Those of frozen
 * layers stay as they are.
 */
final class Condensation {

  private final List<LearnedConnections> connections = new ArrayList<>();
  private final List<LearnedConnections> dropping = new ArrayList<>();
  private final StageRule rule;
  private double keptFraction;

  Condensation(ComputationGraph network, StageRule rule) {
    this.rule = rule;
    for (Layer layer : network.getLayers()) {
      Layer inside = layer instanceof FrozenLayer frozen ? frozen.getInsideLayer() : layer;
      if (inside instanceof CondensingLayer condensing) {
        connections.addAll(condensing.learnedConnections());
        if (inside == layer) {
          dropping.addAll(condensing.learnedConnections());
        }
      }
    }
    keptFraction = countKept();
  }

  /**
   * Drops what is due.
   *
   * @param progress share of the run that is done, 0 to 1
   * @return whether anything changed
   */
  boolean advance(double progress) {
    boolean changed = false;
    for (LearnedConnections learned : dropping) {
      if (learned.state().count() < learned.groups().completeCount()) {
        changed |= learned.advance(progress, rule);
      }
    }
    if (changed) {
      keptFraction = countKept();
    }
    return changed;
  }

  /** Returns the share of all learned connections that is left; 1 where there are none. */
  double keptFraction() {
    return keptFraction;
  }

  private double countKept() {
    double kept = 0;
    double all = 0;
    for (LearnedConnections learned : connections) {
      long size = learned.mask().length();
      kept += learned.keptFraction() * size;
      all += size;
    }
    return connections.isEmpty() ? 1 : kept / all;
  }
}
