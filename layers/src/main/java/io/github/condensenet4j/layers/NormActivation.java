package io.github.condensenet4j.layers;

import io.github.condensenet4j.core.architecture.Activation;
import io.github.condensenet4j.layers.arithmetic.Nonlinearity;
import io.github.condensenet4j.layers.unit.NormalizedActivation;
import io.github.condensenet4j.layers.unit.Unit;
import java.util.Map;

/**
 * Batch normalisation and a non-linearity, {@code y = f(norm(x))}, {@code [N, nIn, H, W]} to the
 * same.
 *
 * <p>Parameters: {@code norm.weight, norm.bias [nIn]} (1 and 0); state {@code norm.runningmean,
 * norm.runningvar [nIn]}, {@code norm.numbatchestracked [1]}. Momentum 0.1, epsilon 1e-5, running
 * variance unbiased, as in PyTorch.
 */
public final class NormActivation extends CondenseNetLayer {

  private Activation activation;

  /** For reading JSON. */
  NormActivation() {}

  private NormActivation(Builder builder) {
    super(builder);
    activation = builder.activation;
  }

  /** Returns a builder. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  protected Unit unit() {
    return new NormalizedActivation(inChannels(), Nonlinearity.of(activation));
  }

  @Override
  protected Map<String, Object> settings() {
    Map<String, Object> settings = super.settings();
    settings.put("activation", activation);
    return settings;
  }

  /** Collects the settings of a {@link NormActivation}. */
  @SuppressWarnings("unchecked") // build() overrides a generic method of Deeplearning4j
  public static final class Builder extends LayerBuilder<Builder> {

    private Activation activation = Activation.RELU;

    private Builder() {}

    /** Sets the non-linearity; ReLU by default. */
    public Builder activation(Activation activation) {
      this.activation = activation;
      return this;
    }

    @Override
    public NormActivation build() {
      return new NormActivation(this);
    }
  }
}
