package io.github.condensenet4j.layers;

import io.github.condensenet4j.layers.unit.CondensedReactivation;
import io.github.condensenet4j.layers.unit.Unit;

/**
 * A sparse feature reactivation after its condensation: normalisation, non-linearity, un-shuffle,
 * grouped 1×1 convolution, index add (the official {@code CondenseSFR}, which multiplies by a dense
 * matrix of zeros and ones instead).
 *
 * <p>{@code [N, nIn, H, W]} to {@code [N, nOut, H, W]}. All groups together make {@code made = nOut
 * · groups / condenseFactor} results, each added to one of the outputs.
 *
 * <p>Parameters: {@code norm.weight, norm.bias [nIn]}; {@code conv.weight [made, nIn / groups, 1,
 * 1]}; state {@code index [made]} (the output of each result), {@code norm.runningmean,
 * norm.runningvar [nIn]}, {@code norm.numbatchestracked [1]}. It can be trained on.
 */
public final class CondensedSparseFeatureReactivation extends CondensableConvolution {

  /** For reading JSON. */
  CondensedSparseFeatureReactivation() {}

  private CondensedSparseFeatureReactivation(Builder builder) {
    super(builder);
    Shapes.positive("groups", groups());
    Shapes.divisible("nOut", outChannels(), condenseFactor());
  }

  /** Returns a builder. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  protected Unit unit() {
    Shapes.divisible("nIn", inChannels(), groups());
    return new CondensedReactivation(
        "",
        inChannels(),
        outChannels() / condenseFactor() * groups(),
        outChannels(),
        groups(),
        function());
  }

  /** Collects the settings of a {@link CondensedSparseFeatureReactivation}. */
  @SuppressWarnings("unchecked") // build() overrides a generic method of Deeplearning4j
  public static final class Builder extends CondensableBuilder<Builder> {

    private Builder() {}

    @Override
    public CondensedSparseFeatureReactivation build() {
      return new CondensedSparseFeatureReactivation(this);
    }
  }
}
