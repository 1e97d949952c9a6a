package io.github.condensenet4j.core.cost;

import java.util.List;

/**
 * What one layer costs.
 *
 * @param name official name, {@code features.denseblock_1.denselayer_1.conv_1}
 * @param type official class, {@code Conv2d}
 * @param outputShape shape of its output without the batch, {@code [C, H, W]} or {@code [C]}
 * @param flops operations for one image, as the official counter counts them
 * @param params parameters, as the official counter counts them
 */
public record LayerCost(
    String name, String type, List<Integer> outputShape, long flops, long params) {

  /** Copies {@code outputShape}. */
  public LayerCost {
    outputShape = List.copyOf(outputShape);
  }
}
