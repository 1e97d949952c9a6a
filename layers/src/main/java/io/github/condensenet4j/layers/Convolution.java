package io.github.condensenet4j.layers;

import io.github.condensenet4j.layers.unit.BareConvolution;
import io.github.condensenet4j.layers.unit.ConvolutionWeight;
import io.github.condensenet4j.layers.unit.Unit;

/**
 * A convolution without bias, normalisation or non-linearity, in groups if wanted.
 *
 * <p>{@code y = weight ∗ x}, {@code [N, nIn, H, W]} to {@code [N, nOut, H', W']}, {@code H' = ⌊(H +
 * 2 · padding − kernelSize) / stride⌋ + 1}.
 *
 * <p>Parameter: {@code weight [nOut, nIn / groups, kernelSize, kernelSize]} (Kaiming normal by
 * fan-out).
 */
public final class Convolution extends WindowConvolution {

  /** For reading JSON. */
  Convolution() {}

  private Convolution(Builder builder) {
    super(builder);
  }

  /** Returns a builder. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  protected Unit unit() {
    return new BareConvolution(ConvolutionWeight.whole("weight", shape()));
  }

  /** Collects the settings of a {@link Convolution}. */
  @SuppressWarnings("unchecked") // build() overrides a generic method of Deeplearning4j
  public static final class Builder extends WindowBuilder<Builder> {

    private Builder() {}

    @Override
    public Convolution build() {
      return new Convolution(this);
    }
  }
}
