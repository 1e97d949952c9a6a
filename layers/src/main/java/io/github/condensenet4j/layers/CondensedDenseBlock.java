package io.github.condensenet4j.layers;

import io.github.condensenet4j.layers.unit.Unit;

/**
 * A dense block of CondenseNet or CondenseNetV2 as one layer, after its condensation.
 *
 * <p>{@code [N, nIn, H, W]} to {@code [N, nIn + layers · growth, H, W]}. Layer {@code l} makes
 * {@code f = squeeze(conv2(conv1(x)))} of all features {@code x} so far; then they are {@code [x +
 * sfr(f), f]}, or {@code [x, f]} where there is no reactivation (CondenseNet, section 3.1;
 * CondenseNetV2, section 3.2; the official {@code _DenseBlock} and {@code _SFR_DenseBlock}).
 *
 * <p>Parameters are those of the parts, below {@code denselayer1., denselayer2., …}:
 *
 * <ul>
 *   <li>{@code conv1.…} as those of {@link CondensedLearnedGroupConvolution} to {@code bottleneck ·
 *       growth} channels,
 *   <li>{@code conv2.…} as those of {@link GroupConvolution} to {@code growth} channels,
 *   <li>{@code sfr.…} as those of {@link CondensedSparseFeatureReactivation} to the features so
 *       far,
 *   <li>{@code se.…} as those of {@link SqueezeExcitation} with reduction 1.
 * </ul>
 */
public final class CondensedDenseBlock extends DenseBlockLayer {

  /** For reading JSON. */
  CondensedDenseBlock() {}

  private CondensedDenseBlock(Builder builder) {
    super(builder);
  }

  /** Returns a builder. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  protected Unit unit() {
    return plan().condensed();
  }

  /** Collects the settings of a {@link CondensedDenseBlock}. */
  @SuppressWarnings("unchecked") // build() overrides a generic method of Deeplearning4j
  public static final class Builder extends BlockBuilder<Builder> {

    private Builder() {}

    @Override
    public CondensedDenseBlock build() {
      return new CondensedDenseBlock(this);
    }
  }
}
