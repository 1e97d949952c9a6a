package io.github.condensenet4j.layers.arithmetic;

/**
 * The sizes of a convolution with square kernels.
 *
 * @param inChannels channels that enter
 * @param outChannels channels that leave
 * @param groups parts that see only their own share of the channels
 * @param kernel side of the kernel, in pixels
 * @param stride step of the kernel, in pixels
 * @param padding zeros around the image, in pixels
 */
public record ConvolutionShape(
    int inChannels, int outChannels, int groups, int kernel, int stride, int padding) {

  /** Returns the sizes of a convolution that mixes the channels of each pixel. */
  public static ConvolutionShape pointwise(int inChannels, int outChannels, int groups) {
    return new ConvolutionShape(inChannels, outChannels, groups, 1, 1, 0);
  }

  /** Tells whether each output pixel depends on the same pixel of the input alone. */
  public boolean isPointwise() {
    return kernel == 1 && stride == 1 && padding == 0;
  }

  /** Returns the inputs that each group sees. */
  public int inChannelsPerGroup() {
    return inChannels / groups;
  }

  /** Returns the outputs that each group makes. */
  public int outChannelsPerGroup() {
    return outChannels / groups;
  }

  /** Returns the weights of one output channel. */
  public int weightsPerOutput() {
    return inChannelsPerGroup() * kernel * kernel;
  }

  /** Returns the extent of the output when {@code input} is that of the input. */
  public Extent output(Extent input) {
    return isPointwise()
        ? input
        : new Extent(input.images(), outputSize(input.height()), outputSize(input.width()));
  }

  /** Returns the pixels along a side of the output when the input has {@code size}. */
  public int outputSize(int size) {
    return (size + 2 * padding - kernel) / stride + 1;
  }
}
