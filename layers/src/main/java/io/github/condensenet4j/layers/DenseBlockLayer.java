package io.github.condensenet4j.layers;

import io.github.condensenet4j.core.architecture.Activation;
import io.github.condensenet4j.layers.arithmetic.Nonlinearity;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;

/**
 * A dense block of CondenseNet or CondenseNetV2 as one layer: {@link DenseBlock} before its
 * condensation, {@link CondensedDenseBlock} after it, both with the same settings.
 */
public abstract sealed class DenseBlockLayer extends CondenseNetLayer
    permits DenseBlock, CondensedDenseBlock {

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
  DenseBlockLayer() {}

  DenseBlockLayer(BlockBuilder<?> builder) {
    super(builder);
    layers = builder.layers;
    growth = builder.growth;
    bottleneck = builder.bottleneck;
    group1x1 = builder.group1x1;
    group3x3 = builder.group3x3;
    condenseFactor = builder.condenseFactor == 0 ? group1x1 : builder.condenseFactor;
    dropRate = builder.dropRate;
    activation = builder.activation;
    groupTrans = builder.groupTrans;
    transFactor = builder.transFactor == 0 ? groupTrans : builder.transFactor;
    squeeze = builder.squeeze;
    Shapes.positive("layers", layers);
    Shapes.positive("growth", growth);
    Shapes.positive("bottleneck", bottleneck);
    Shapes.share("dropRate", dropRate);
  }

  /** Returns the numbers of this block, checked. */
  final BlockPlan plan() {
    return new BlockPlan(
        inChannels(),
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
        squeeze);
  }

  @Override
  protected final InputType outputOf(InputType input) {
    return Shapes.withChannels(input, inChannels() + layers * growth);
  }

  @Override
  protected final Map<String, Object> settings() {
    Map<String, Object> settings = super.settings();
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

  /**
   * Collects the settings of a dense block.
   *
   * @param <B> the builder itself
   */
  public abstract static class BlockBuilder<B extends BlockBuilder<B>> extends LayerBuilder<B> {

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

    BlockBuilder() {}

    /** Sets the number of dense layers. */
    public B layers(int layers) {
      this.layers = layers;
      return self();
    }

    /** Sets the channels that each layer adds. */
    public B growth(int growth) {
      this.growth = growth;
      return self();
    }

    /**
     * Sets the width between the convolutions of a layer, in multiples of the growth; 4 by default.
     */
    public B bottleneck(int bottleneck) {
      this.bottleneck = bottleneck;
      return self();
    }

    /** Sets the groups of the 1×1 convolutions; 4 by default. */
    public B group1x1(int group1x1) {
      this.group1x1 = group1x1;
      return self();
    }

    /** Sets the groups of the 3×3 convolutions; 4 by default. */
    public B group3x3(int group3x3) {
      this.group3x3 = group3x3;
      return self();
    }

    /** Sets the condensation factor of the 1×1 convolutions; their groups by default. */
    public B condenseFactor(int condenseFactor) {
      this.condenseFactor = condenseFactor;
      return self();
    }

    /**
     * Sets the share of the convolution's inputs that training drops, 0 to below 1; 0 by default.
     */
    public B dropRate(double dropRate) {
      this.dropRate = dropRate;
      return self();
    }

    /** Sets the non-linearity; ReLU by default. */
    public B activation(Activation activation) {
      this.activation = activation;
      return self();
    }

    /** Sets the groups of the reactivations; 0, the default, for none (CondenseNet). */
    public B groupTrans(int groupTrans) {
      this.groupTrans = groupTrans;
      return self();
    }

    /** Sets the condensation factor of the reactivations; their groups by default. */
    public B transFactor(int transFactor) {
      this.transFactor = transFactor;
      return self();
    }

    /** Sets the squeeze-and-excitation of the new channels; none by default. */
    public B squeeze(boolean squeeze) {
      this.squeeze = squeeze;
      return self();
    }
  }
}
