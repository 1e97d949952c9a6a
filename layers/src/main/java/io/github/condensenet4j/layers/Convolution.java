package io.github.condensenet4j.layers;

import io.github.condensenet4j.layers.arithmetic.ConvolutionShape;
import io.github.condensenet4j.layers.unit.BareConvolution;
import io.github.condensenet4j.layers.unit.ConvolutionWeight;
import io.github.condensenet4j.layers.unit.Unit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;

/**
 * A convolution without bias, normalisation or non-linearity, in groups if wanted.
 *
 * <p>{@code y = weight ∗ x}, {@code [N, nIn, H, W]} to {@code [N, nOut, H', W']}, {@code H' = ⌊(H +
 * 2 · padding − kernelSize) / stride⌋ + 1}.
 *
 * <p>Parameter: {@code weight [nOut, nIn / groups, kernelSize, kernelSize]} (Kaiming normal by
 * fan-out).
 */
public final class Convolution extends CondenseNetLayer {

  private int nIn;
  private int nOut;
  private int groups;
  private int kernelSize;
  private int stride;
  private int padding;

  /** For reading JSON. */
  Convolution() {}

  private Convolution(Builder builder) {
    super(builder);
    nIn = builder.nIn;
    nOut = builder.nOut;
    groups = builder.groups;
    kernelSize = builder.kernelSize;
    stride = builder.stride;
    padding = builder.padding;
    Shapes.positive("nOut", nOut);
    Shapes.positive("groups", groups);
    Shapes.divisible("nOut", nOut, groups);
    Shapes.positive("kernelSize", kernelSize);
    Shapes.positive("stride", stride);
  }

  /** Returns a builder. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  protected Unit unit() {
    return new BareConvolution(ConvolutionWeight.whole("weight", shape()));
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
    return Shapes.convolved(input, shape());
  }

  @Override
  protected Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("nIn", nIn);
    settings.put("nOut", nOut);
    settings.put("groups", groups);
    settings.put("kernelSize", kernelSize);
    settings.put("stride", stride);
    settings.put("padding", padding);
    return settings;
  }

  private ConvolutionShape shape() {
    Shapes.divisible("nIn", nIn, groups);
    return new ConvolutionShape(nIn, nOut, groups, kernelSize, stride, padding);
  }

  /** Collects the settings of a {@link Convolution}. */
  @SuppressWarnings("unchecked") // build() overrides a generic method of Deeplearning4j
  public static final class Builder extends SameDiffLayer.Builder<Builder> {

    private int nIn;
    private int nOut;
    private int groups = 1;
    private int kernelSize = 3;
    private int stride = 1;
    private int padding = 1;

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

    /** Sets the number of groups; 1 by default. */
    public Builder groups(int groups) {
      this.groups = groups;
      return this;
    }

    /** Sets the side of the kernels, in pixels; 3 by default. */
    public Builder kernelSize(int kernelSize) {
      this.kernelSize = kernelSize;
      return this;
    }

    /** Sets the step of the kernels, in pixels; 1 by default. */
    public Builder stride(int stride) {
      this.stride = stride;
      return this;
    }

    /** Sets the zeros around the image, in pixels; 1 by default. */
    public Builder padding(int padding) {
      this.padding = padding;
      return this;
    }

    @Override
    public Convolution build() {
      return new Convolution(this);
    }
  }
}
