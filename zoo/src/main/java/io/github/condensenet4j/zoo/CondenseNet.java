package io.github.condensenet4j.zoo;

import io.github.condensenet4j.core.architecture.ArchitectureRegistry;
import io.github.condensenet4j.core.architecture.CondenseNetArchitecture;
import io.github.condensenet4j.core.architecture.ModelDescription;
import io.github.condensenet4j.layers.IndexSelect;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * The CondenseNet family (Huang et al., CVPR 2018) as a model of Deeplearning4j's zoo.
 *
 * <p>After the pooled features comes the classifier; once condensed, {@code classifier_index} picks
 * the half of the features that it reads.
 */
public final class CondenseNet extends CondenseNetModel {

  /** Name of the layer that picks the inputs of a halved classifier. */
  static final String CLASSIFIER_INDEX = "classifier_index";

  /** Creates the network called {@code name}, such as {@code condensenet_74}. */
  public CondenseNet(String name) {
    this(ArchitectureRegistry.describe(name), GraphOptions.inference());
  }

  /** Creates the network {@code model} describes. */
  public CondenseNet(ModelDescription model, GraphOptions options) {
    super(model, CondenseNetArchitecture.class, options);
  }

  static ComputationGraphConfiguration configure(
      ModelDescription model, CondenseNetArchitecture network, GraphOptions options) {
    GraphAssembly graph = new GraphAssembly(model, options).addFeatures();
    if (model.hasHalvedClassifier()) {
      graph.add(
          CLASSIFIER_INDEX,
          IndexSelect.builder()
              .nIn(network.featureChannels())
              .nOut(model.classifierInputs())
              .build());
    }
    return graph.addClasses();
  }
}
