package io.github.condensenet4j.layers;

import io.github.condensenet4j.layers.arithmetic.Nonlinearity;
import io.github.condensenet4j.layers.unit.PlainActivation;
import io.github.condensenet4j.layers.unit.Unit;

/**
 * {@code y = x · relu6(x + 3) / 6} for each number of {@code [N, nIn, H, W]} or {@code [N, nIn]}
 * (the official {@code HS}).
 *
 * <p>At both kinks of {@code relu6} its derivative is taken as 0, as in the official code.
 */
public final class HardSwish extends CondenseNetLayer {

  /** For reading JSON. */
  HardSwish() {}

  private HardSwish(Builder builder) {
    super(builder);
  }

  /** Returns a builder. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  protected Unit unit() {
    return new PlainActivation(inChannels(), Nonlinearity.HARD_SWISH);
  }

  /** Collects the settings of a {@link HardSwish}. */
  @SuppressWarnings("unchecked") // build() overrides a generic method of Deeplearning4j
  public static final class Builder extends LayerBuilder<Builder> {

    private Builder() {}

    @Override
    public HardSwish build() {
      return new HardSwish(this);
    }
  }
}
