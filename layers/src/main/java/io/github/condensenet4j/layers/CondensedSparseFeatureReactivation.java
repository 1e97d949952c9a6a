package io.github.condensenet4j.layers;

import io.github.condensenet4j.core.architecture.Activation;
import io.github.condensenet4j.layers.arithmetic.Nonlinearity;
import io.github.condensenet4j.layers.unit.CondensedReactivation;
import io.github.condensenet4j.layers.unit.Unit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;

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
public final class CondensedSparseFeatureReactivation extends CondenseNetLayer {

  private int nIn;
  private int nOut;
  private int groups;
  private int condenseFactor;
  private Activation activation;

  /** For reading JSON. */
  CondensedSparseFeatureReactivation() {}

  private CondensedSparseFeatureReactivation(Builder builder) {
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
    Shapes.positive("groups", groups);
    Shapes.divisible("nOut", nOut, condenseFactor);
  }

  /** Returns a builder. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  protected Unit unit() {
    Shapes.divisible("nIn", nIn, groups);
    return new CondensedReactivation(
        "", nIn, nOut / condenseFactor * groups, nOut, groups, Nonlinearity.of(activation));
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

  /** Collects the settings of a {@link CondensedSparseFeatureReactivation}. */
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

    @Override
    public CondensedSparseFeatureReactivation build() {
      return new CondensedSparseFeatureReactivation(this);
    }
  }
}
