package io.github.condensenet4j.core.condensation;

import io.github.condensenet4j.core.architecture.Architecture;
import io.github.condensenet4j.core.architecture.CondenseNetV2Architecture;
import io.github.condensenet4j.core.architecture.DenseBlockDescription;
import io.github.condensenet4j.core.architecture.DenseLayerDescription;
import java.util.ArrayList;
import java.util.List;

/**
 * A layer of a network that drops connections.
 *
 * @param name official name, {@code features.denseblock_1.denselayer_1.conv_1}
 * @param groups which of its connections belong together
 */
record LearnedLayer(String name, ConnectionGroups groups) {

  /** Returns all such layers of {@code network}, in order. */
  static List<LearnedLayer> of(Architecture network) {
    List<LearnedLayer> learned = new ArrayList<>();
    for (DenseBlockDescription block : network.blocks()) {
      for (DenseLayerDescription layer : block.layers()) {
        String name = "features." + block.name() + "." + layer.name();
        learned.add(
            new LearnedLayer(
                name + ".conv_1",
                new ConnectionGroups(
                    ConnectionGroups.Kind.LEARNED_GROUP_CONVOLUTION,
                    layer.inChannels(),
                    layer.bottleneckChannels(),
                    network.group1x1(),
                    network.condenseFactor())));
        if (network instanceof CondenseNetV2Architecture v2) {
          learned.add(
              new LearnedLayer(
                  name + ".sfr",
                  new ConnectionGroups(
                      ConnectionGroups.Kind.SPARSE_FEATURE_REACTIVATION,
                      layer.growth(),
                      layer.inChannels(),
                      v2.groupTrans(),
                      v2.transFactor())));
        }
      }
    }
    return learned;
  }
}
