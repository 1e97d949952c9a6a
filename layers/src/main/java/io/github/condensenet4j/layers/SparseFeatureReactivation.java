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
public final class SparseFeatureReactivation extends CondenseNetLayer {

  private int nIn;
  private int nOut;
  private int groups;
  private int condenseFactor;
  private Activation activation;

  /** For reading JSON. */
  SparseFeatureReactivation() {}

  private SparseFeatureReactivation(Builder builder) {
    super(builder);
    nIn = builder.nIn;
    nOut = builder.nOut;
    groups = builder.groups;
    condenseFactor = builder.condenseFactor;
    activation = builder.activation;
    if (condenseFactor == 0) {
      condenseFactor = groups;
    }
    Shapes.positive("nOut", nOut);
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
                    ConnectionGroups.Kind.SPARSE_FEATURE_REACTIVATION,
                    nIn,
                    nOut,
                    groups,
                    condenseFactor))),
        Nonlinearity.of(activation),
        0,
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
    return settings;
  }

  /** Collects the settings of a {@link SparseFeatureReactivation}. */
  @SuppressWarnings("unchecked") // build() overrides a generic method of Deeplearning4j
  public static final class Builder extends SameDiffLayer.Builder<Builder> {

    private int nIn;
    private int nOut;
    private int groups = 4;
    private int condenseFactor;
    private Activation activation = Activation.RELU;

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

    @Override
    public SparseFeatureReactivation build() {
      return new SparseFeatureReactivation(this);
    }
  }
}
