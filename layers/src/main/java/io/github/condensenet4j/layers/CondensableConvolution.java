package io.github.condensenet4j.layers;

import io.github.condensenet4j.core.architecture.Activation;
import io.github.condensenet4j.core.condensation.ConnectionGroups;
import io.github.condensenet4j.layers.arithmetic.Nonlinearity;
import io.github.condensenet4j.layers.unit.ChannelOrder;
import io.github.condensenet4j.layers.unit.ConvolutionWeight;
import io.github.condensenet4j.layers.unit.LearnedWeight;
import io.github.condensenet4j.layers.unit.NormalizedConvolution;
import io.github.condensenet4j.layers.unit.Unit;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;

/** What the 1×1 convolutions share whose connections are learned, or were. */
abstract class CondensableConvolution extends CondenseNetLayer {

  private int nOut;
  private int groups;
  private int condenseFactor;
  private Activation activation;

  /** For reading JSON. */
  CondensableConvolution() {}

  CondensableConvolution(CondensableBuilder<?> builder) {
    super(builder);
    nOut = builder.nOut;
    groups = builder.groups;
    condenseFactor = builder.condenseFactor == 0 ? groups : builder.condenseFactor;
    activation = builder.activation;
    Shapes.positive("nOut", nOut);
  }

  final int outChannels() {
    return nOut;
  }

  final int groups() {
    return groups;
  }

  final int condenseFactor() {
    return condenseFactor;
  }

  final Nonlinearity function() {
    return Nonlinearity.of(activation);
  }

  /** Returns the unit that learns which connections of {@code kind} to keep. */
  final Unit learned(ConnectionGroups.Kind kind, double dropRate) {
    ConnectionGroups connections =
        new ConnectionGroups(kind, inChannels(), nOut, groups, condenseFactor);
    return new NormalizedConvolution(
        "",
        ConvolutionWeight.learned(new LearnedWeight("", connections)),
        function(),
        dropRate,
        ChannelOrder.UNCHANGED);
  }

  @Override
  protected final InputType outputOf(InputType input) {
    return Shapes.withChannels(input, nOut);
  }

  @Override
  protected Map<String, Object> settings() {
    Map<String, Object> settings = super.settings();
    settings.put("nOut", nOut);
    settings.put("groups", groups);
    settings.put("condenseFactor", condenseFactor);
    settings.put("activation", activation);
    return settings;
  }

  /** Collects the settings of such a convolution. */
  abstract static class CondensableBuilder<B extends CondensableBuilder<B>>
      extends LayerBuilder<B> {

    private int nOut;
    private int groups = 4;
    private int condenseFactor;
    private Activation activation = Activation.RELU;

    /** Sets the channels of the output. */
    public B nOut(int nOut) {
      this.nOut = nOut;
      return self();
    }

    /** Sets the number of groups; 4 by default. */
    public B groups(int groups) {
      this.groups = groups;
      return self();
    }

    /** Sets the condensation factor, to reach or reached; the number of groups by default. */
    public B condenseFactor(int condenseFactor) {
      this.condenseFactor = condenseFactor;
      return self();
    }

    /** Sets the non-linearity; ReLU by default. */
    public B activation(Activation activation) {
      this.activation = activation;
      return self();
    }
  }
}
