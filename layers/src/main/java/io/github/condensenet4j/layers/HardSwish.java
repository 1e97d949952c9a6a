package io.github.condensenet4j.layers;

import io.github.condensenet4j.layers.arithmetic.Nonlinearity;
import io.github.condensenet4j.layers.unit.PlainActivation;
import io.github.condensenet4j.layers.unit.Unit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;

/**
 * {@code y = x · relu6(x + 3) / 6} for each number of {@code [N, nIn, H, W]} or {@code [N, nIn]}
 * (the official {@code HS}).
 *
 * <p>At both kinks of {@code relu6} its derivative is taken as 0, as in the official code.
 */
public final class HardSwish extends CondenseNetLayer {

  private int nIn;

  /** For reading JSON. */
  HardSwish() {}

  private HardSwish(Builder builder) {
    super(builder);
    nIn = builder.nIn;
  }

  /** Returns a builder. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  protected Unit unit() {
    return new PlainActivation(nIn, Nonlinearity.HARD_SWISH);
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
    return input;
  }

  @Override
  protected Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("nIn", nIn);
    return settings;
  }

  /** Collects the settings of a {@link HardSwish}. */
  @SuppressWarnings("unchecked") // build() overrides a generic method of Deeplearning4j
  public static final class Builder extends SameDiffLayer.Builder<Builder> {

    private int nIn;

    private Builder() {}

    /** Sets the channels of the input; taken over from the layer before if not given. */
    public Builder nIn(int nIn) {
      this.nIn = nIn;
      return this;
    }

    @Override
    public HardSwish build() {
      return new HardSwish(this);
    }
  }
}
