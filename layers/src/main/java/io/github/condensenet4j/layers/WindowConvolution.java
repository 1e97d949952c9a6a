package io.github.condensenet4j.layers;

import io.github.condensenet4j.layers.arithmetic.ConvolutionShape;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;

/** What the convolutions share that move a window of pixels over the image, all of them kept. */
abstract class WindowConvolution extends CondenseNetLayer {

  private int nOut;
  private int groups;
  private int kernelSize;
  private int stride;
  private int padding;

  /** For reading JSON. */
  WindowConvolution() {}

  WindowConvolution(WindowBuilder<?> builder) {
    super(builder);
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

  /** Returns the sizes of the convolution, checked. */
  final ConvolutionShape shape() {
    Shapes.divisible("nIn", inChannels(), groups);
    return new ConvolutionShape(inChannels(), nOut, groups, kernelSize, stride, padding);
  }

  @Override
  protected final InputType outputOf(InputType input) {
    return Shapes.convolved(input, shape());
  }

  @Override
  protected Map<String, Object> settings() {
    Map<String, Object> settings = super.settings();
    settings.put("nOut", nOut);
    settings.put("groups", groups);
    settings.put("kernelSize", kernelSize);
    settings.put("stride", stride);
    settings.put("padding", padding);
    return settings;
  }

  /** Collects the settings of such a convolution. */
  abstract static class WindowBuilder<B extends WindowBuilder<B>> extends LayerBuilder<B> {

    private int nOut;
    private int groups = 1;
    private int kernelSize = 3;
    private int stride = 1;
    private int padding = 1;

    /** Sets the channels of the output. */
    public B nOut(int nOut) {
      this.nOut = nOut;
      return self();
    }

    /** Sets the number of groups; 1 by default. */
    public B groups(int groups) {
      this.groups = groups;
      return self();
    }

    /** Sets the side of the kernels, in pixels; 3 by default. */
    public B kernelSize(int kernelSize) {
      this.kernelSize = kernelSize;
      return self();
    }

    /** Sets the step of the kernels, in pixels; 1 by default. */
    public B stride(int stride) {
      this.stride = stride;
      return self();
    }

    /** Sets the zeros around the image, in pixels; 1 by default. */
    public B padding(int padding) {
      this.padding = padding;
      return self();
    }
  }
}
