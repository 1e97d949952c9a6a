package io.github.condensenet4j.core.architecture;

import io.github.condensenet4j.core.tensor.ElementType;
import java.util.List;

/**
 * Name, shape and type of one tensor of a network.
 *
 * @param name official name, {@code features.denseblock_1.denselayer_1.conv_1.norm.weight}
 * @param shape length of each dimension; empty for a scalar
 * @param type type of the elements
 */
public record TensorDescription(String name, List<Integer> shape, ElementType type) {

  /** Copies {@code shape}. */
  public TensorDescription {
    shape = List.copyOf(shape);
  }

  /** Returns the number of elements. */
  public long size() {
    return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
  }

  /** Returns the shape as an array. */
  public int[] shapeArray() {
    return shape.stream().mapToInt(Integer::intValue).toArray();
  }
}
