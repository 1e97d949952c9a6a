package io.github.condensenet4j.layers;

import io.github.condensenet4j.core.ArchitectureException;
import io.github.condensenet4j.layers.arithmetic.ConvolutionShape;
import org.deeplearning4j.nn.conf.inputs.InputType;

/** Checks of a configuration's numbers, and the shapes that follow from them. */
final class Shapes {

  private Shapes() {}

  /** Refuses {@code value} below 1. */
  static void positive(String name, int value) {
    if (value < 1) {
      throw new ArchitectureException(name, "at least 1", value);
    }
  }

  /** Refuses {@code value} outside 0 to below 1. */
  static void share(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new ArchitectureException(name, "0 to below 1", value);
    }
  }

  /** Refuses {@code value} that {@code divisor} does not divide. */
  static void divisible(String name, int value, int divisor) {
    if (value < 1 || divisor < 1 || value % divisor != 0) {
      throw new ArchitectureException(name, "a multiple of " + divisor, value);
    }
  }

  /** Returns {@code input} with {@code channels} channels. */
  static InputType withChannels(InputType input, int channels) {
    return input instanceof InputType.InputTypeConvolutional image
        ? InputType.convolutional(image.getHeight(), image.getWidth(), channels)
        : InputType.feedForward(channels);
  }

  /** Returns what a convolution makes of {@code input}. */
  static InputType convolved(InputType input, ConvolutionShape shape) {
    if (!(input instanceof InputType.InputTypeConvolutional image)) {
      throw new ArchitectureException("the input of a convolution", "an image", input);
    }
    int height = shape.outputSize(Math.toIntExact(image.getHeight()));
    int width = shape.outputSize(Math.toIntExact(image.getWidth()));
    positive("height after the convolution", height);
    positive("width after the convolution", width);
    return InputType.convolutional(height, width, shape.outChannels());
  }
}
