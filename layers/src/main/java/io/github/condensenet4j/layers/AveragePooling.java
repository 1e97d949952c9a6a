package io.github.condensenet4j.layers;

import io.github.condensenet4j.core.ArchitectureException;
import io.github.condensenet4j.layers.unit.AveragePool;
import io.github.condensenet4j.layers.unit.Unit;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;

/**
 * Means over squares of pixels that do not overlap, {@code [N, nIn, H, W]} to {@code [N, nIn, ⌊H /
 * size⌋, ⌊W / size⌋]}; what is left at the lower and right border is ignored (PyTorch's {@code
 * AvgPool2d(size, size)}, the official transition between dense blocks).
 */
public final class AveragePooling extends CondenseNetLayer {

  private int size;

  /** For reading JSON. */
  AveragePooling() {}

  private AveragePooling(Builder builder) {
    super(builder);
    size = builder.size;
    Shapes.positive("size", size);
  }

  /** Returns a builder. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  protected Unit unit() {
    return new AveragePool(inChannels(), size);
  }

  @Override
  protected InputType outputOf(InputType input) {
    if (!(input instanceof InputType.InputTypeConvolutional image)) {
      throw new ArchitectureException("the input of a pooling", "an image", input);
    }
    int height = Math.toIntExact(image.getHeight()) / size;
    int width = Math.toIntExact(image.getWidth()) / size;
    Shapes.positive("height after the pooling", height);
    Shapes.positive("width after the pooling", width);
    return InputType.convolutional(height, width, image.getChannels());
  }

  @Override
  protected Map<String, Object> settings() {
    Map<String, Object> settings = super.settings();
    settings.put("size", size);
    return settings;
  }

  /** Collects the settings of an {@link AveragePooling}. */
  @SuppressWarnings("unchecked") // build() overrides a generic method of Deeplearning4j
  public static final class Builder extends LayerBuilder<Builder> {

    private int size = 2;

    private Builder() {}

    /** Sets the side of a square and the step from one to the next, in pixels; 2 by default. */
    public Builder size(int size) {
      this.size = size;
      return this;
    }

    @Override
    public AveragePooling build() {
      return new AveragePooling(this);
    }
  }
}
