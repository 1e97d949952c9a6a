package io.github.condensenet4j.layers;

import io.github.condensenet4j.core.condensation.ConnectionGroups;
import io.github.condensenet4j.layers.arithmetic.ConvolutionShape;
import io.github.condensenet4j.layers.arithmetic.Nonlinearity;
import io.github.condensenet4j.layers.unit.AddingUnit;
import io.github.condensenet4j.layers.unit.Block;
import io.github.condensenet4j.layers.unit.ChannelOrder;
import io.github.condensenet4j.layers.unit.CondensedConvolution;
import io.github.condensenet4j.layers.unit.CondensedReactivation;
import io.github.condensenet4j.layers.unit.ConvolutionWeight;
import io.github.condensenet4j.layers.unit.DenseLayer;
import io.github.condensenet4j.layers.unit.LearnedWeight;
import io.github.condensenet4j.layers.unit.NormalizedConvolution;
import io.github.condensenet4j.layers.unit.Squeeze;
import io.github.condensenet4j.layers.unit.Unit;
import java.util.ArrayList;
import java.util.List;

/** The numbers of a dense block, and the block that they describe in both of its forms. */
record BlockPlan(
    int inChannels,
    int layers,
    int growth,
    int bottleneck,
    int group1x1,
    int group3x3,
    int condenseFactor,
    double dropRate,
    Nonlinearity function,
    int groupTrans,
    int transFactor,
    boolean squeeze) {

  BlockPlan {
    Shapes.divisible("growth", growth, group3x3);
    Shapes.divisible("bottleneck · growth", bottleneck * growth, group3x3);
    Shapes.divisible("bottleneck · growth", bottleneck * growth, group1x1);
    if (groupTrans > 0) {
      Shapes.divisible("growth", growth, groupTrans);
    }
    for (int channels = inChannels; channels < inChannels + layers * growth; channels += growth) {
      Shapes.divisible("channels of a dense layer", channels, condenseFactor);
      if (groupTrans > 0) {
        Shapes.divisible("channels of a dense layer", channels, transFactor);
      }
    }
  }

  /** Returns the block whose connections are learned. */
  Unit trainable() {
    return block(true);
  }

  /** Returns the block that keeps only connections that were learned. */
  Unit condensed() {
    return block(false);
  }

  private Unit block(boolean learned) {
    List<DenseLayer> parts = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      String prefix = "denselayer" + (i + 1) + ".";
      int channels = inChannels + i * growth;
      parts.add(
          new DenseLayer(
              learned ? learnedBottleneck(prefix, channels) : condensedBottleneck(prefix, channels),
              convolution(prefix),
              squeeze ? new Squeeze(prefix + "se.", growth, 1) : null,
              groupTrans == 0
                  ? null
                  : learned
                      ? learnedReactivation(prefix, channels)
                      : condensedReactivation(prefix, channels)));
    }
    return new Block(inChannels, growth, parts);
  }

  private int width() {
    return bottleneck * growth;
  }

  private Unit learnedBottleneck(String prefix, int channels) {
    ConnectionGroups groups =
        new ConnectionGroups(
            ConnectionGroups.Kind.LEARNED_GROUP_CONVOLUTION,
            channels,
            width(),
            group1x1,
            condenseFactor);
    return learned(prefix + "conv1.", groups, dropRate);
  }

  private AddingUnit learnedReactivation(String prefix, int channels) {
    ConnectionGroups groups =
        new ConnectionGroups(
            ConnectionGroups.Kind.SPARSE_FEATURE_REACTIVATION,
            growth,
            channels,
            groupTrans,
            transFactor);
    return learned(prefix + "sfr.", groups, 0);
  }

  private NormalizedConvolution learned(String prefix, ConnectionGroups groups, double drop) {
    return new NormalizedConvolution(
        prefix,
        ConvolutionWeight.learned(new LearnedWeight(prefix, groups)),
        function,
        drop,
        ChannelOrder.UNCHANGED);
  }

  private NormalizedConvolution convolution(String prefix) {
    ConvolutionShape shape = new ConvolutionShape(width(), growth, group3x3, 3, 1, 1);
    return new NormalizedConvolution(
        prefix + "conv2.",
        ConvolutionWeight.whole(prefix + "conv2.conv.weight", shape),
        function,
        0,
        ChannelOrder.UNCHANGED);
  }

  private Unit condensedBottleneck(String prefix, int channels) {
    return new CondensedConvolution(
        prefix + "conv1.",
        channels,
        channels / condenseFactor * group1x1,
        width(),
        group1x1,
        function,
        dropRate);
  }

  private AddingUnit condensedReactivation(String prefix, int channels) {
    return new CondensedReactivation(
        prefix + "sfr.",
        growth,
        channels / transFactor * groupTrans,
        channels,
        groupTrans,
        function);
  }
}
