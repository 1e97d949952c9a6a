package io.github.condensenet4j.layers.unit;

import io.github.condensenet4j.layers.arithmetic.ConvolutionShape;
import io.github.condensenet4j.layers.arithmetic.Extent;
import io.github.condensenet4j.layers.arithmetic.GradientTarget;
import io.github.condensenet4j.layers.arithmetic.Matrix;
import io.github.condensenet4j.layers.arithmetic.Transform;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.enums.WeightsFormat;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The weight of a convolution, {@code [out, in / groups, kernel, kernel]}, and the mask of its
 * connections where they are learned.
 */
public final class ConvolutionWeight {

  private final String name;
  private final ConvolutionShape shape;
  private final LearnedWeight learned;

  private ConvolutionWeight(String name, ConvolutionShape shape, LearnedWeight learned) {
    this.name = name;
    this.shape = shape;
    this.learned = learned;
  }

  /** Returns a weight called {@code name} that keeps all its connections. */
  public static ConvolutionWeight whole(String name, ConvolutionShape shape) {
    return new ConvolutionWeight(name, shape, null);
  }

  /** Returns the weight of a 1×1 convolution whose connections are dropped in training. */
  public static ConvolutionWeight learned(LearnedWeight learned) {
    return new ConvolutionWeight(
        learned.prefix() + "conv.weight",
        ConvolutionShape.pointwise(
            learned.groups().inChannels(), learned.groups().outChannels(), 1),
        learned);
  }

  ConvolutionShape shape() {
    return shape;
  }

  List<LearnedWeight> learned() {
    return learned == null ? List.of() : List.of(learned);
  }

  List<Parameter> parameters() {
    long[] sizes = {
      shape.outChannels(), shape.inChannelsPerGroup(), shape.kernel(), shape.kernel()
    };
    Parameter weight = Parameter.weight(name, sizes);
    return learned == null
        ? List.of(weight)
        : List.of(
            weight,
            Parameter.state(learned.prefix() + "count", 1),
            Parameter.state(learned.prefix() + "stage", 1),
            Parameter.state(learned.prefix() + "mask", sizes));
  }

  void initialize(Map<String, INDArray> parameters, Map<String, IWeightInit> chosen) {
    double fanIn = shape.weightsPerOutput();
    double fanOut = shape.outChannels() * (double) (shape.kernel() * shape.kernel());
    INDArray weight = parameters.get(name);
    if (chosen.containsKey(name)) {
      chosen.get(name).init(fanIn, fanOut, weight.shape(), 'c', weight);
    } else {
      // Not divided by the groups: the reference computes the fan-out from the whole output.
      weight.assign(Nd4j.randn(weight.shape()).muli(Math.sqrt(2 / fanOut)));
    }
    if (learned != null) {
      parameters.get(learned.prefix() + "count").assign(0);
      parameters.get(learned.prefix() + "stage").assign(0);
      parameters.get(learned.prefix() + "mask").assign(1);
    }
  }

  SDVariable define(Definition definition, SDVariable x) {
    SDVariable weight = definition.parameter(name);
    if (learned != null) {
      weight = weight.mul(definition.parameter(learned.prefix() + "mask"));
    }
    Conv2DConfig config =
        Conv2DConfig.builder()
            .kH(shape.kernel())
            .kW(shape.kernel())
            .sH(shape.stride())
            .sW(shape.stride())
            .pH(shape.padding())
            .pW(shape.padding())
            .dataFormat(Conv2DConfig.NCHW)
            .weightsFormat(WeightsFormat.OIYX)
            .build();
    if (shape.groups() == 1) {
      return definition.sameDiff().cnn.conv2d(x, weight, config);
    }
    SDVariable[] parts = new SDVariable[shape.groups()];
    for (int g = 0; g < parts.length; g++) {
      SDVariable in = definition.channels(x, range(g, shape.inChannelsPerGroup()));
      SDVariable part =
          definition
              .sameDiff()
              .gather(
                  weight,
                  definition
                      .sameDiff()
                      .constant(Nd4j.createFromArray(range(g, shape.outChannelsPerGroup()))),
                  0);
      parts[g] = definition.sameDiff().cnn.conv2d(in, part, config);
    }
    return definition.sameDiff().concat(1, parts);
  }

  private static int[] range(int group, int size) {
    int[] range = new int[size];
    Arrays.setAll(range, i -> group * size + i);
    return range;
  }

  /** Returns the weight as convolutions use it, without the dropped connections. */
  Matrix read(Pass pass) {
    return learned == null
        ? pass.matrix(name)
        : pass.arithmetic().masked(pass.array(name), pass.array(learned.prefix() + "mask"));
  }

  /**
   * Hands the weight's gradient over, 0 where a connection is dropped, and that of {@code x} to
   * {@code target}.
   *
   * @param sum what the convolution has been added to and is taken off again, or null for nothing
   * @return the sums that {@link
   *     io.github.condensenet4j.layers.arithmetic.Arithmetic#convolveBackward} gives
   */
  double[][] backward(
      Pass pass,
      Extent extent,
      Matrix x,
      Transform transform,
      Matrix weight,
      Matrix dy,
      GradientTarget target,
      Matrix sum) {
    Matrix gradient = pass.arithmetic().gradient(pass.array(name));
    double[][] sums =
        pass.arithmetic()
            .convolveBackward(shape, extent, x, transform, weight, dy, gradient, target, sum);
    INDArray mask = learned == null ? null : pass.array(learned.prefix() + "mask");
    pass.gradient(name, gradient, mask);
    return sums;
  }
}
