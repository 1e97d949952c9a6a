package io.github.condensenet4j.layers;

import io.github.condensenet4j.layers.unit.Squeeze;
import io.github.condensenet4j.layers.unit.Unit;
import java.util.Map;

/**
 * Squeeze-and-excitation, {@code y = x · sigmoid(W2 relu(W0 mean(x)))} with the mean over the
 * pixels of each channel; {@code [N, nIn, H, W]} or {@code [N, nIn]} to the same (the official
 * {@code SELayer}, without biases).
 *
 * <p>Parameters: {@code fc.0.weight [hidden, nIn]}, {@code fc.2.weight [nIn, hidden]}, {@code
 * hidden = ⌊nIn / reduction⌋} (uniform within {@code ±1/√(inputs)}).
 */
public final class SqueezeExcitation extends CondenseNetLayer {

  private int reduction;

  /** For reading JSON. */
  SqueezeExcitation() {}

  private SqueezeExcitation(Builder builder) {
    super(builder);
    reduction = builder.reduction;
    Shapes.positive("reduction", reduction);
  }

  /** Returns a builder. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  String kind() {
    return "squeeze-and-excitation";
  }

  @Override
  protected Unit unit() {
    return new Squeeze("", inChannels(), reduction);
  }

  @Override
  protected Map<String, Object> settings() {
    Map<String, Object> settings = super.settings();
    settings.put("reduction", reduction);
    return settings;
  }

  /** Collects the settings of a {@link SqueezeExcitation}. */
  @SuppressWarnings("unchecked") // build() overrides a generic method of Deeplearning4j
  public static final class Builder extends LayerBuilder<Builder> {

    private int reduction = 16;

    private Builder() {}

    /** Sets the divisor that gives the hidden width, rounded down; 16 by default. */
    public Builder reduction(int reduction) {
      this.reduction = reduction;
      return this;
    }

    @Override
    public SqueezeExcitation build() {
      return new SqueezeExcitation(this);
    }
  }
}
