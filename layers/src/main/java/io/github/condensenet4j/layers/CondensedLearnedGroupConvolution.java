package io.github.condensenet4j.layers;

import io.github.condensenet4j.core.architecture.Activation;
import io.github.condensenet4j.layers.arithmetic.Nonlinearity;
import io.github.condensenet4j.layers.unit.CondensedConvolution;
import io.github.condensenet4j.layers.unit.Unit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;

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
public final class CondensedLearnedGroupConvolution extends CondenseNetLayer {

  private int nIn;
  private int nOut;
  private int groups;
  private int condenseFactor;
  private Activation activation;
  private double dropRate;

  /** For reading JSON. */
  CondensedLearnedGroupConvolution() {}

  private CondensedLearnedGroupConvolution(Builder builder) {
    super(builder);
    nIn = builder.nIn;
    nOut = builder.nOut;
    groups = builder.groups;
    condenseFactor = builder.condenseFactor;
    activation = builder.activation;
    dropRate = builder.dropRate;
    if (condenseFactor == 0) {
      condenseFactor = groups;
    }
    Shapes.positive("nOut", nOut);
    Shapes.positive("groups", groups);
    Shapes.divisible("nOut", nOut, groups);
    Shapes.share("dropRate", dropRate);
  }

  /** Returns a builder. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  protected Unit unit() {
    Shapes.divisible("nIn", nIn, condenseFactor);
    return new CondensedConvolution(
        "",
        nIn,
        nIn / condenseFactor * groups,
        nOut,
        groups,
        Nonlinearity.of(activation),
        dropRate);
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
    return Shapes.withChannels(input, nOut);
  }

  @Override
  protected Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("nIn", nIn);
    settings.put("nOut", nOut);
    settings.put("groups", groups);
    settings.put("condenseFactor", condenseFactor);
    settings.put("activation", activation);
    settings.put("dropRate", dropRate);
    return settings;
  }

  /** Collects the settings of a {@link CondensedLearnedGroupConvolution}. */
  @SuppressWarnings("unchecked") // build() overrides a generic method of Deeplearning4j
  public static final class Builder extends SameDiffLayer.Builder<Builder> {

    private int nIn;
    private int nOut;
    private int groups = 4;
    private int condenseFactor;
    private Activation activation = Activation.RELU;
    private double dropRate;

    private Builder() {}

    /** Sets the channels of the input; taken over from the layer before if not given. */
    public Builder nIn(int nIn) {
      this.nIn = nIn;
      return this;
    }

    /** Sets the channels of the output. */
    public Builder nOut(int nOut) {
      this.nOut = nOut;
      return this;
    }

    /** Sets the number of groups; 4 by default. */
    public Builder groups(int groups) {
      this.groups = groups;
      return this;
    }

    /** Sets the condensation factor that was reached; the number of groups by default. */
    public Builder condenseFactor(int condenseFactor) {
      this.condenseFactor = condenseFactor;
      return this;
    }

    /** Sets the non-linearity; ReLU by default. */
    public Builder activation(Activation activation) {
      this.activation = activation;
      return this;
    }

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
