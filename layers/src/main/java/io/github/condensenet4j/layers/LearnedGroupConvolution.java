package io.github.condensenet4j.layers;

import io.github.condensenet4j.core.condensation.ConnectionGroups;
import io.github.condensenet4j.layers.unit.Unit;
import java.util.Map;

/**
 * Learned group convolution: normalisation, non-linearity, dropout, and a 1×1 convolution whose
 * connections are dropped group by group while it is trained (CondenseNet, section 3; the official
 * {@code LearnedGroupConv} and {@code LGC}).
 *
 * <p>{@code y = (conv.weight · mask) ∗ dropout(f(norm(x)))}, {@code [N, nIn, H, W]} to {@code [N,
 * nOut, H, W]}. {@code nIn} and {@code nOut} are multiples of the groups, {@code nIn} also of the
 * condensation factor.
 *
 * <p>Parameters: {@code norm.weight, norm.bias [nIn]} (1 and 0); {@code conv.weight [nOut, nIn, 1,
 * 1]} (Kaiming normal by fan-out); state {@code norm.runningmean, norm.runningvar [nIn]}, {@code
 * norm.numbatchestracked [1]}, {@code mask [nOut, nIn, 1, 1]} (ones), {@code stage [1]}, {@code
 * count [1]}. Connections are dropped by {@link LearnedConnections#advance}, never by a forward
 * pass.
 */
public final class LearnedGroupConvolution extends CondensableConvolution {

  private double dropRate;

  /** For reading JSON. */
  LearnedGroupConvolution() {}

  private LearnedGroupConvolution(Builder builder) {
    super(builder);
    dropRate = builder.dropRate;
    Shapes.share("dropRate", dropRate);
  }

  /** Returns a builder. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  protected Unit unit() {
    return learned(ConnectionGroups.Kind.LEARNED_GROUP_CONVOLUTION, dropRate);
  }

  @Override
  protected Map<String, Object> settings() {
    Map<String, Object> settings = super.settings();
    settings.put("dropRate", dropRate);
    return settings;
  }

  /** Collects the settings of a {@link LearnedGroupConvolution}. */
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
    public LearnedGroupConvolution build() {
      return new LearnedGroupConvolution(this);
    }
  }
}
