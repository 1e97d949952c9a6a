package io.github.condensenet4j.layers;

import io.github.condensenet4j.core.architecture.Activation;
import io.github.condensenet4j.layers.arithmetic.Nonlinearity;
import io.github.condensenet4j.layers.unit.Unit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;

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
public final class CondensedDenseBlock extends CondenseNetLayer {

  private int nIn;
  private int layers;
  private int growth;
  private int bottleneck;
  private int group1x1;
  private int group3x3;
  private int condenseFactor;
  private double dropRate;
  private Activation activation;
  private int groupTrans;
  private int transFactor;
  private boolean squeeze;

  /** For reading JSON. */
  CondensedDenseBlock() {}

  private CondensedDenseBlock(Builder builder) {
    super(builder);
    nIn = builder.nIn;
    layers = builder.layers;
    growth = builder.growth;
    bottleneck = builder.bottleneck;
    group1x1 = builder.group1x1;
    group3x3 = builder.group3x3;
    condenseFactor = builder.condenseFactor;
    dropRate = builder.dropRate;
    activation = builder.activation;
    groupTrans = builder.groupTrans;
    transFactor = builder.transFactor;
    squeeze = builder.squeeze;
    if (condenseFactor == 0) {
      condenseFactor = group1x1;
    }
    if (transFactor == 0) {
      transFactor = groupTrans;
    }
    Shapes.positive("layers", layers);
    Shapes.positive("growth", growth);
    Shapes.positive("bottleneck", bottleneck);
    Shapes.share("dropRate", dropRate);
  }

  /** Returns a builder. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  protected Unit unit() {
    return new BlockPlan(
            nIn,
            layers,
            growth,
            bottleneck,
            group1x1,
            group3x3,
            condenseFactor,
            dropRate,
            Nonlinearity.of(activation),
            groupTrans,
            transFactor,
            squeeze)
        .condensed();
  }

  @Override
  public int inChannels() {
    return nIn;
  }

  @Override
  protected void inChannels(int channels) {
    nIn = channels;
  }

  @Override
  protected InputType outputOf(InputType input) {
    return Shapes.withChannels(input, nIn + layers * growth);
  }

  @Override
  protected Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("nIn", nIn);
    settings.put("layers", layers);
    settings.put("growth", growth);
    settings.put("bottleneck", bottleneck);
    settings.put("group1x1", group1x1);
    settings.put("group3x3", group3x3);
    settings.put("condenseFactor", condenseFactor);
    settings.put("dropRate", dropRate);
    settings.put("activation", activation);
    settings.put("groupTrans", groupTrans);
    settings.put("transFactor", transFactor);
    settings.put("squeeze", squeeze);
    return settings;
  }

  /** Collects the settings of a {@link CondensedDenseBlock}. */
  @SuppressWarnings("unchecked") // build() overrides a generic method of Deeplearning4j
  public static final class Builder extends SameDiffLayer.Builder<Builder> {

    private int nIn;
    private int layers;
    private int growth;
    private int bottleneck = 4;
    private int group1x1 = 4;
    private int group3x3 = 4;
    private int condenseFactor;
    private double dropRate;
    private Activation activation = Activation.RELU;
    private int groupTrans;
    private int transFactor;
    private boolean squeeze;

    private Builder() {}

    /** Sets the channels of the input; taken over from the layer before if not given. */
    public Builder nIn(int nIn) {
      this.nIn = nIn;
      return this;
    }

    /** Sets the number of dense layers. */
    public Builder layers(int layers) {
      this.layers = layers;
      return this;
    }

    /** Sets the channels that each layer adds. */
    public Builder growth(int growth) {
      this.growth = growth;
      return this;
    }

    /**
     * Sets the width between the convolutions of a layer, in multiples of the growth; 4 by default.
     */
    public Builder bottleneck(int bottleneck) {
      this.bottleneck = bottleneck;
      return this;
    }

    /** Sets the groups of the 1×1 convolutions; 4 by default. */
    public Builder group1x1(int group1x1) {
      this.group1x1 = group1x1;
      return this;
    }

    /** Sets the groups of the 3×3 convolutions; 4 by default. */
    public Builder group3x3(int group3x3) {
      this.group3x3 = group3x3;
      return this;
    }

    /** Sets the condensation factor of the 1×1 convolutions; their groups by default. */
    public Builder condenseFactor(int condenseFactor) {
      this.condenseFactor = condenseFactor;
      return this;
    }

    /**
     * Sets the share of the convolution's inputs that training drops, 0 to below 1; 0 by default.
     */
    public Builder dropRate(double dropRate) {
      this.dropRate = dropRate;
      return this;
    }

    /** Sets the non-linearity; ReLU by default. */
    public Builder activation(Activation activation) {
      this.activation = activation;
      return this;
    }

    /** Sets the groups of the reactivations; 0, the default, for none (CondenseNet). */
    public Builder groupTrans(int groupTrans) {
      this.groupTrans = groupTrans;
      return this;
    }

    /** Sets the condensation factor of the reactivations; their groups by default. */
    public Builder transFactor(int transFactor) {
      this.transFactor = transFactor;
      return this;
    }

    /** Sets the squeeze-and-excitation of the new channels; none by default. */
    public Builder squeeze(boolean squeeze) {
      this.squeeze = squeeze;
      return this;
    }

    @Override
    public CondensedDenseBlock build() {
      return new CondensedDenseBlock(this);
    }
  }
}
