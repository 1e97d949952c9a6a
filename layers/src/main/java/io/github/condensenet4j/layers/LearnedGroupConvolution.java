package io.github.condensenet4j.layers;

import io.github.condensenet4j.core.architecture.Activation;
import io.github.condensenet4j.core.condensation.ConnectionGroups;
import io.github.condensenet4j.layers.arithmetic.Nonlinearity;
import io.github.condensenet4j.layers.unit.ChannelOrder;
import io.github.condensenet4j.layers.unit.ConvolutionWeight;
import io.github.condensenet4j.layers.unit.LearnedWeight;
import io.github.condensenet4j.layers.unit.NormalizedConvolution;
import io.github.condensenet4j.layers.unit.Unit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;

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
public final class LearnedGroupConvolution extends CondenseNetLayer {

  private int nIn;
  private int nOut;
  private int groups;
  private int condenseFactor;
  private Activation activation;
  private double dropRate;

  /** For reading JSON. */
  LearnedGroupConvolution() {}

  private LearnedGroupConvolution(Builder builder) {
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
    Shapes.share("dropRate", dropRate);
  }

  /** Returns a builder. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  protected Unit unit() {
    return new NormalizedConvolution(
        "",
        ConvolutionWeight.learned(
            new LearnedWeight(
                "",
                new ConnectionGroups(
                    ConnectionGroups.Kind.LEARNED_GROUP_CONVOLUTION,
                    nIn,
                    nOut,
                    groups,
                    condenseFactor))),
        Nonlinearity.of(activation),
        dropRate,
        ChannelOrder.UNCHANGED);
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

  /** Collects the settings of a {@link LearnedGroupConvolution}. */
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

    /** Sets the condensation factor; the number of groups by default. */
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
    public LearnedGroupConvolution build() {
      return new LearnedGroupConvolution(this);
    }
  }
}
