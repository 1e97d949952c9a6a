package io.github.condensenet4j.layers;

import io.github.condensenet4j.core.ArchitectureException;
import io.github.condensenet4j.layers.unit.GlobalAveragePool;
import io.github.condensenet4j.layers.unit.Unit;
import org.deeplearning4j.nn.conf.inputs.InputType;

/**
 * Means over all pixels, {@code [N, nIn, H, W]} to {@code [N, nIn]} (PyTorch's {@code
 * AdaptiveAvgPool2d(1)}, the official pooling before the classifier).
 */
public final class GlobalAveragePooling extends CondenseNetLayer {

  /** For reading JSON. */
  GlobalAveragePooling() {}

  private GlobalAveragePooling(Builder builder) {
    super(builder);
  }

  /** Returns a builder. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  protected Unit unit() {
    return new GlobalAveragePool(inChannels());
  }

  @Override
  protected InputType outputOf(InputType input) {
    if (!(input instanceof InputType.InputTypeConvolutional image)) {
      throw new ArchitectureException("the input of a pooling", "an image", input);
    }
    return InputType.feedForward(image.getChannels());
  }

  /** Collects the settings of a {@link GlobalAveragePooling}. */
  @SuppressWarnings("unchecked") // build() overrides a generic method of Deeplearning4j
  public static final class Builder extends LayerBuilder<Builder> {

    private Builder() {}

    @Override
    public GlobalAveragePooling build() {
      return new GlobalAveragePooling(this);
    }
  }
}
