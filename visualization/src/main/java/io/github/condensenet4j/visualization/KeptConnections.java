package io.github.condensenet4j.visualization;

import io.github.condensenet4j.core.architecture.Architecture;
import io.github.condensenet4j.core.architecture.CondenseNetV2Architecture;
import io.github.condensenet4j.core.architecture.DenseBlockDescription;
import io.github.condensenet4j.core.architecture.DenseLayerDescription;
import io.github.condensenet4j.visualization.ConnectionMap.Cell;
import io.github.condensenet4j.visualization.ConnectionMap.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * How many connections a block keeps.
 *
 * @param block name of the block
 * @param kind which of its convolutions
 * @param kept connections that are left
 * @param all connections at first
 */
record KeptConnections(String block, Kind kind, long kept, long all) {

  double share() {
    return (double) kept / all;
  }

  /** Counts what {@code maps}, which are {@code network}'s, hold. */
  static List<KeptConnections> of(Architecture network, List<ConnectionMap> maps) {
    List<KeptConnections> found = new ArrayList<>();
    for (DenseBlockDescription block : network.blocks()) {
      for (ConnectionMap map : maps) {
        if (map.block().equals(block.name())) {
          found.add(of(block, map));
        }
      }
    }
    return List.copyOf(found);
  }

  private static KeptConnections of(DenseBlockDescription block, ConnectionMap map) {
    double kept = 0;
    long all = 0;
    for (int l = 0; l < block.layers().size(); l++) {
      DenseLayerDescription layer = block.layers().get(l);
      long others = map.kind() == Kind.LEARNED ? layer.bottleneckChannels() : layer.growth();
      for (int feature = 0; feature <= l; feature++) {
        Cell cell = map.cells().get(feature).get(l);
        long connections = others * (feature == 0 ? block.inChannels() : block.growth());
        kept += cell.kept() * connections;
        all += connections;
      }
    }
    return new KeptConnections(block.name(), map.kind(), Math.round(kept), all);
  }

  /** Returns the share that condensation leaves of the connections of a kind. */
  static double target(Architecture network, Kind kind) {
    return kind == Kind.REACTIVATION && network instanceof CondenseNetV2Architecture v2
        ? 1.0 / v2.transFactor()
        : 1.0 / network.condenseFactor();
  }
}
