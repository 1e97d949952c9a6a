package io.github.condensenet4j.layers;

import io.github.condensenet4j.layers.unit.CondensedConvolution;
import io.github.condensenet4j.layers.unit.Unit;
import java.util.Map;

/**
 * A learned group convolution after its condensation: index select, normalisation, non-linearity,
 * grouped 1×1 convolution, channel shuffle (the official {@code CondenseLGC}, {@code
 * CondenseConv}).
 *
 * <p>{@code [N, nIn, H, W]} to {@code [N, nOut, H, W]}. All groups together keep {@code kept = nIn
 * · groups / condenseFactor} inputs.
 *
 * <p>Parameters: {@code norm.weight, norm.bias [kept]}; {@code conv.weight [nOut, kept / groups, 1,
 * 1]}; state {@code index [kept]} (the input of each kept channel), {@code norm.runningmean,
 * norm.runningvar [kept]}, {@code norm.numbatchestracked [1]}. It can be trained on.
 */
public final class CondensedLearnedGroupConvolution extends CondensableConvolution {

  private double dropRate;

  /** For reading JSON. */
  CondensedLearnedGroupConvolution() {}

  private CondensedLearnedGroupConvolution(Builder builder) {
    super(builder);
    dropRate = builder.dropRate;
    Shapes.positive("groups", groups());
    Shapes.divisible("nOut", outChannels(), groups());
    Shapes.share("dropRate", dropRate);
  }

  /** Returns a builder. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  protected Unit unit() {
    Shapes.divisible("nIn", inChannels(), condenseFactor());
    return new CondensedConvolution(
        "",
        inChannels(),
        inChannels() / condenseFactor() * groups(),
        outChannels(),
        groups(),
        function(),
        dropRate);
  }

  @Override
  protected Map<String, Object> settings() {
    Map<String, Object> settings = super.settings();
    settings.put("dropRate", dropRate);
    return settings;
  }

  /** Collects the settings of a {@link CondensedLearnedGroupConvolution}. */
  @SuppressWarnings("unchecked") // build() overrides a generic method of Deeplearning4j
  public static final class Builder extends CondensableBuilder<Builder> {

    private double dropRate;

    private Builder() {}

    /**
     * Sets the share of the convolution's inputs that training drops, 0 to below 1; 0 by default.
     */
    public Builder dropRate(double dropRate) {
      this.dropRate = dropRate;
      return this;
    }

    @Override
    public CondensedLearnedGroupConvolution build() {
      return new CondensedLearnedGroupConvolution(this);
    }
  }
}
