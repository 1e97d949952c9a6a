package io.github.condensenet4j.core.cost;

import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.core.architecture.StateDictLayout;
import io.github.condensenet4j.core.architecture.TensorDescription;
import java.util.List;

/**
 * What a network costs for one image, exactly as the official {@code measure_model} counts.
 *
 * <p>An operation is a multiply-add of a convolution or linear layer, an element of an activation
 * or pooling window, half an element of a sigmoid; normalisation is free. Learned convolutions
 * count as condensed even while they are not. CondenseNet's counter adds the biases of linear
 * layers, CondenseNetV2's leaves them out. Gathering channels and adding to them is not counted.
 *
 * @param flops operations for one image
 * @param params parameters, learned convolutions as if condensed
 * @param trainableParams parameters that the optimiser holds: all weights of this form, masks and
 *     statistics left out
 * @param layers the layers that are counted, in order
 */
public record ModelCost(long flops, long params, long trainableParams, List<LayerCost> layers) {

  /** Copies {@code layers}. */
  public ModelCost {
    layers = List.copyOf(layers);
  }

  /** Returns the cost of {@code model}. */
  public static ModelCost of(ModelDescription model) {
    List<LayerCost> layers = new CostCounter(model).count();
    return new ModelCost(
        layers.stream().mapToLong(LayerCost::flops).sum(),
        layers.stream().mapToLong(LayerCost::params).sum(),
        StateDictLayout.of(model).stream()
            .filter(ModelCost::isTrained)
            .mapToLong(TensorDescription::size)
            .sum(),
        layers);
  }

  private static boolean isTrained(TensorDescription tensor) {
    return tensor.name().endsWith(".weight") || tensor.name().endsWith(".bias");
  }
}
