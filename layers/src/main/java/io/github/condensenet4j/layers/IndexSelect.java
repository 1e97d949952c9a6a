package io.github.condensenet4j.layers;

import io.github.condensenet4j.layers.unit.Selection;
import io.github.condensenet4j.layers.unit.Unit;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;

/**
 * Chosen channels of {@code [N, nIn, H, W]} or features of {@code [N, nIn]}: {@code y[i] =
 * x[index[i]]}, {@code nOut} of them.
 *
 * <p>Parameter, not trained: {@code index [nOut]}, whole numbers from 0 to {@code nIn − 1};
 * initially 0, 1, 2, ….
 */
public final class IndexSelect extends CondenseNetLayer {

  private int nOut;

  /** For reading JSON. */
  IndexSelect() {}

  private IndexSelect(Builder builder) {
    super(builder);
    nOut = builder.nOut;
    Shapes.positive("nOut", nOut);
  }

  /** Returns a builder. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  protected Unit unit() {
    return new Selection("", inChannels(), nOut);
  }

  @Override
  protected InputType outputOf(InputType input) {
    return Shapes.withChannels(input, nOut);
  }

  @Override
  protected Map<String, Object> settings() {
    Map<String, Object> settings = super.settings();
    settings.put("nOut", nOut);
    return settings;
  }

  /** Collects the settings of a {@link IndexSelect}. */
  @SuppressWarnings("unchecked") // build() overrides a generic method of Deeplearning4j
  public static final class Builder extends LayerBuilder<Builder> {

    private int nOut;

    private Builder() {}

    /** Sets the channels of the output. */
    public Builder nOut(int nOut) {
      this.nOut = nOut;
      return this;
    }

    @Override
    public IndexSelect build() {
      return new IndexSelect(this);
    }
  }
}
