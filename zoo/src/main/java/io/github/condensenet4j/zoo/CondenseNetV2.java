package io.github.condensenet4j.zoo;

import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.architecture.CondenseNetV2Architecture;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.layers.HardSwish;
import io.github.condensenet4j.layers.SqueezeExcitation;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * The CondenseNetV2 family (Yang et al., CVPR 2021) as a model of Deeplearning4j's zoo.
 *
 * <p>After the pooled features come squeeze-and-excitation ({@code se_last}), a hidden layer with
 * hard-swish ({@code fc, fc_act}) where the network has one, and the classifier.
 */
public final class CondenseNetV2 extends CondenseNetModel {

  /** Creates the network called {@code name}, such as {@code cdnv2_a}. */
  public CondenseNetV2(String name) {
    this(ArchitectureRegistry.describe(name), GraphOptions.inference());
  }

  /** Creates the network {@code model} describes. */
  public CondenseNetV2(ModelDescription model, GraphOptions options) {
    super(model, CondenseNetV2Architecture.class, options);
  }

  static ComputationGraphConfiguration configure(
      ModelDescription model, CondenseNetV2Architecture network, GraphOptions options) {
    int channels = network.featureChannels();
    GraphAssembly graph = new GraphAssembly(model, options).addFeatures();
    graph.add(
        "se_last",
        SqueezeExcitation.builder().nIn(channels).reduction(network.lastSeReduction()).build());
    if (network.hasHiddenLayer()) {
      graph.addLinear("fc", channels, network.fcChannel());
      graph.add("fc_act", HardSwish.builder().nIn(network.fcChannel()).build());
    }
    return graph.addClasses();
  }
}
