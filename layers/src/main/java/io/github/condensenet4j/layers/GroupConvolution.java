package io.github.condensenet4j.layers;

import io.github.condensenet4j.core.architecture.Activation;
import io.github.condensenet4j.layers.arithmetic.Nonlinearity;
import io.github.condensenet4j.layers.unit.ChannelOrder;
import io.github.condensenet4j.layers.unit.ConvolutionWeight;
import io.github.condensenet4j.layers.unit.NormalizedConvolution;
import io.github.condensenet4j.layers.unit.Unit;
import java.util.Map;

/**
 * Normalisation, non-linearity and a convolution in groups (the official {@code Conv}).
 *
 * <p>{@code y = conv.weight ∗ f(norm(x))}, {@code [N, nIn, H, W]} to {@code [N, nOut, H', W']},
 * {@code H' = ⌊(H + 2 · padding − kernelSize) / stride⌋ + 1}. {@code nIn} and {@code nOut} are
 * multiples of the groups.
 *
 * <p>Parameters: {@code norm.weight, norm.bias [nIn]} (1 and 0); {@code conv.weight [nOut, nIn /
 * groups, kernelSize, kernelSize]} (Kaiming normal by fan-out, not divided by the groups); state
 * {@code norm.runningmean, norm.runningvar [nIn]}, {@code norm.numbatchestracked [1]}.
 */
public final class GroupConvolution extends WindowConvolution {

  private Activation activation;

  /** For reading JSON. */
  GroupConvolution() {}

  private GroupConvolution(Builder builder) {
    super(builder);
    activation = builder.activation;
  }

  /** Returns a builder. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  protected Unit unit() {
    return new NormalizedConvolution(
        "",
        ConvolutionWeight.whole("conv.weight", shape()),
        Nonlinearity.of(activation),
        0,
        ChannelOrder.UNCHANGED);
  }

  @Override
  protected Map<String, Object> settings() {
    Map<String, Object> settings = super.settings();
    settings.put("activation", activation);
    return settings;
  }

  /** Collects the settings of a {@link GroupConvolution}. */
  @SuppressWarnings("unchecked") // build() overrides a generic method of Deeplearning4j
  public static final class Builder extends WindowBuilder<Builder> {

    private Activation activation = Activation.RELU;

    private Builder() {}

    /** Sets the non-linearity; ReLU by default. */
    public Builder activation(Activation activation) {
      this.activation = activation;
      return this;
    }

    @Override
    public GroupConvolution build() {
      return new GroupConvolution(this);
    }
  }
}
