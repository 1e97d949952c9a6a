package io.github.condensenet4j.visualization;

import java.util.List;

/**
 * How strongly the layers of a dense block are connected, as the CondenseNet paper shows it: layers
 * against the features that they see.
 *
 * @param block name of the block, {@code denseblock_1}
 * @param kind whether features flow into layers or layers refresh features
 * @param features names of the features: what enters the block, then what each layer adds
 * @param layers names of the layers
 * @param cells a cell for each feature and, in it, each layer; null where the feature comes later
 */
record ConnectionMap(
    String block, Kind kind, List<String> features, List<String> layers, List<List<Cell>> cells) {

  /** Which of a layer's 1×1 convolutions connects. */
  enum Kind {
    /** The learned group convolution, which reads earlier features. */
    LEARNED,
    /** The sparse feature reactivation, which adds to earlier features. */
    REACTIVATION
  }

  /**
   * The connections between some features and a layer.
   *
   * @param strength mean absolute weight, over dropped connections too
   * @param kept share of connections that are kept, 0 to 1
   */
  record Cell(double strength, double kept) {}

  /** Returns the greatest strength, above 0. */
  double greatest() {
    return cells.stream()
        .flatMap(List::stream)
        .filter(cell -> cell != null)
        .mapToDouble(Cell::strength)
        .filter(strength -> strength > 0)
        .max()
        .orElse(1);
  }
}
