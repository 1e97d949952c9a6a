package io.github.condensenet4j.layers;

import io.github.condensenet4j.core.condensation.ConnectionGroups;
import io.github.condensenet4j.layers.unit.Unit;

/**
 * Sparse feature reactivation: normalisation, non-linearity, and a 1×1 convolution from new
 * features to old ones whose connections are dropped output by output while it is trained
 * (CondenseNetV2, section 3.2; the official {@code SFR}).
 *
 * <p>{@code y = (conv.weight · mask) ∗ f(norm(x))}, {@code [N, nIn, H, W]} to {@code [N, nOut, H,
 * W]}. {@code nIn} and {@code nOut} are multiples of the groups, {@code nOut} also of the
 * condensation factor. Adding {@code y} to the old features is the caller's part.
 *
 * <p>Parameters: as those of {@link LearnedGroupConvolution}. The official class sets {@code
 * norm.weight} to 0, the official networks overwrite it with 1; here it is 1.
 */
public final class SparseFeatureReactivation extends CondensableConvolution {

  /** For reading JSON. */
  SparseFeatureReactivation() {}

  private SparseFeatureReactivation(Builder builder) {
    super(builder);
  }

  /** Returns a builder. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  protected Unit unit() {
    return learned(ConnectionGroups.Kind.SPARSE_FEATURE_REACTIVATION, 0);
  }

  /** Collects the settings of a {@link SparseFeatureReactivation}. */
  @SuppressWarnings("unchecked") // build() overrides a generic method of Deeplearning4j
  public static final class Builder extends CondensableBuilder<Builder> {

    private Builder() {}

    @Override
    public SparseFeatureReactivation build() {
      return new SparseFeatureReactivation(this);
    }
  }
}
